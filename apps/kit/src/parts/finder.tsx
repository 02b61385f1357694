import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Decoder, type OpticalCode, openCamera } from '@tallystick/wallet/browser';
import type { Common } from '../words/en.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

export interface FinderProps {
  readonly says: Pick<Common, 'camera' | 'again'>;
  /** The reader of codes; null where there is none. */
  readonly decoder: () => Promise<Decoder | null>;
  readonly onText: (text: string) => void;
  /** Beside a code that is shown. */
  readonly isSmall?: boolean;
}

/** The camera, as long as it is on the screen. */
export function Finder(props: FinderProps): JSX.Element {
  const { decoder, onText, isSmall = false } = props;
  const { camera: says, again } = props.says;
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onText);
  latest.current = onText;
  const [problem, setProblem] = useState<OpticalCode | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    let isGone = false;
    let close = (): void => undefined;
    const start = async (): Promise<void> => {
      const reader = await decoder();
      if (reader === null) return setProblem('DECODER_FAILED');
      if (video.current === null || isGone) return undefined;
      const opened = await openCamera({
        video: video.current,
        decoder: reader,
        onText: (text) => latest.current(text),
        onEnd: ({ code }) => setProblem(code),
      });
      if (!opened.ok) return setProblem(opened.error.code);
      close = () => opened.value.close();
      if (isGone) close();
      return undefined;
    };
    start().catch(reportError);
    return () => {
      isGone = true;
      close();
    };
  }, [tries]);

  if (problem !== null) {
    return (
      <Notice tone="warn" urgent>
        <p>{says[problem]}</p>
        <Button
          onPress={() => {
            setProblem(null);
            setTries(tries + 1);
          }}
        >
          {again}
        </Button>
      </Notice>
    );
  }
  return (
    <div class={isSmall ? 'finder small' : 'finder'}>
      <video ref={video} muted playsInline aria-label={says.sees} />
    </div>
  );
}
