import { codePicture, PICTURES_PER_SECOND, textAt } from '../../browser/index.ts';
import type { QrCode } from '../../transport/index.ts';

/** The half of the page that shows codes: an SVG, which is dark on light whatever the page looks like. */
export class Screen {
  readonly #path: SVGPathElement;
  readonly #svg: SVGSVGElement;
  readonly #nowMs: () => number;
  #ticking = 0;

  constructor(svg: SVGSVGElement, nowMs: () => number) {
    this.#svg = svg;
    this.#nowMs = nowMs;
    this.#path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.append(this.#path);
  }

  /** Shows a code until the next call, moving if it has more than one part; null clears the screen. */
  readonly show = (code: QrCode | null): void => {
    if (code === null) return this.draw('', 1);
    const begunMs = this.#nowMs();
    const tick = (): void => this.#text(textAt(code, this.#nowMs() - begunMs));
    this.draw('', 1);
    tick();
    if (code.parts > 1) this.#ticking = setInterval(tick, 1_000 / PICTURES_PER_SECOND / 2);
  };

  text(text: string): void {
    this.draw('', 1);
    this.#text(text);
  }

  draw(path: string, modules: number): void {
    clearInterval(this.#ticking);
    this.#put(path, modules);
  }

  #text(text: string): void {
    const { path, modules } = codePicture(text);
    this.#put(path, modules);
  }

  #put(path: string, modules: number): void {
    this.#svg.setAttribute('viewBox', `0 0 ${modules} ${modules}`);
    this.#path.setAttribute('d', path);
  }
}
