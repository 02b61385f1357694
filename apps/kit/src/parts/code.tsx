import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { codePicture, PICTURES_PER_SECOND, textAt } from '@tallystick/wallet/browser';
import type { QrCode } from '@tallystick/wallet';

/** A code for another's camera: still where it fits one picture, else a film. */
export function Code({
  code,
  label,
}: {
  readonly code: QrCode;
  readonly label: string;
}): JSX.Element {
  const picture = codePicture(useText(code));
  return (
    <div class="code" role="img" aria-label={label}>
      <svg viewBox={`0 0 ${picture.modules} ${picture.modules}`} aria-hidden="true">
        <path d={picture.path} />
      </svg>
    </div>
  );
}

function useText(code: QrCode): string {
  const [shown, setShown] = useState({ code, ms: 0 });
  const ms = shown.code === code ? shown.ms : 0;
  useEffect(() => {
    if (code.parts === 1) return undefined;
    const stepMs = 1_000 / PICTURES_PER_SECOND;
    const timer = setInterval(
      () => setShown((now) => ({ code, ms: now.code === code ? now.ms + stepMs : stepMs })),
      stepMs,
    );
    return () => clearInterval(timer);
  }, [code]);
  return textAt(code, ms);
}
