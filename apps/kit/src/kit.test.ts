import { describe, expect, test } from 'vitest';
import { LANGUAGES, languageFor, startSpeech } from './languages.ts';
import { decimal, formatMoney } from './money.ts';
import { startRoute, to } from './route.ts';

const EUR = 978;
const JPY = 392;
const BHD = 48;

describe('money for people', () => {
  test.each([
    [1_234_56n, EUR, 'en', '€1,234.56'],
    [1_234_56n, EUR, 'sv', '1\u00a0234,56\u00a0€'],
    [1_234_56n, EUR, 'pt', '€\u00a01.234,56'],
    [12_34_567_00n, EUR, 'hi', '€12,34,567.00'],
    [-5n, EUR, 'en', '-€0.05'],
    [1_234n, JPY, 'en', '¥1,234'],
    [1_234n, BHD, 'en', 'BHD\u00a01.234'],
  ])('%d of %d in %s is %s', (amount, currency, language, written) => {
    expect(formatMoney(amount, currency, language)).toBe(written);
  });

  test('says which way it went, on the side where the language has it', () => {
    expect(formatMoney(5n, EUR, 'en', 'exceptZero')).toBe('+€0.05');
    expect(formatMoney(-5n, EUR, 'ar', 'exceptZero')).toMatch(/^\P{L}*-/u);
    expect(formatMoney(0n, EUR, 'en', 'exceptZero')).toBe('€0.00');
  });

  test('is exact where a floating-point number is not', () => {
    expect(formatMoney(90_071_992_547_409_93n, EUR, 'en')).toBe('€90,071,992,547,409.93');
    expect(decimal(9_007_199_254_740_993n, JPY)).toBe('9007199254740993');
  });
});

describe('languages', () => {
  test.each([
    [['sv-SE', 'en'], 'sv'],
    [['nb-NO', 'pt-BR'], 'pt'],
    [['HI'], 'hi'],
    [['nb', 'fi'], 'en'],
    [[], 'en'],
  ])('for whoever prefers %j it is %s', (preferred, code) => {
    expect(languageFor(preferred)).toBe(code);
  });

  test('come with their direction, and change all at once', async () => {
    const loaders = Object.fromEntries(
      LANGUAGES.map(({ code }) => [code, async () => ({ words: { hello: code } })]),
    ) as Parameters<typeof startSpeech<{ hello: string }>>[0];
    const root = { lang: '', dir: '' };
    const speech = await startSpeech(loaders, 'en', root);
    expect([speech.words.value.hello, root]).toEqual(['en', { lang: 'en', dir: 'ltr' }]);
    await speech.speak('ar');
    expect([speech.words.value.hello, speech.language.value]).toEqual(['ar', 'ar']);
    expect(root).toEqual({ lang: 'ar', dir: 'rtl' });
  });
});

describe('a place in an app', () => {
  test('is in the address, and follows it', () => {
    const location = { hash: to('history', 'a/b c') };
    let tell = (): void => undefined;
    const path = startRoute({ location, addEventListener: (_, told) => (tell = told) });
    expect(path.value).toEqual(['history', 'a/b c']);
    for (const [hash, place] of [
      ['#/', []],
      ['', []],
      ['#pay', ['pay']],
      ['#/%E0%A4%A', []],
    ] as const) {
      location.hash = hash;
      tell();
      expect(path.value).toEqual(place);
    }
  });
});
