import type { Common } from './en.ts';

/** What every app says alike in Swedish. */
export const common: Common = {
  back: 'Tillbaka',
  done: 'Klar',
  cancel: 'Avbryt',
  again: 'Försök igen',
  working: 'Ett ögonblick…',
  erase: 'Radera en siffra',

  newPin: {
    hint: 'Minst fyra siffror. Den lämnar aldrig den här enheten.',
    tooShort: 'Ange minst fyra siffror.',
    again: 'Samma pinkod igen',
    differs: 'Pinkoderna är inte lika.',
  },

  orTap: 'Eller håll telefonerna mot varandra.',
  camera: {
    CAMERA_REFUSED:
      'Kameran är inte tillåten här. Tillåt den bredvid sidans adress och försök sedan igen.',
    CAMERA_MISSING: 'Enheten har ingen kamera. Den kan ändå visa koder för andra.',
    CAMERA_BUSY:
      'Kameran startar inte. Stäng andra appar som kan använda den och försök sedan igen.',
    CAMERA_UNSUPPORTED:
      'Den här webbläsaren låter inte sidor använda kameran. Prova en annan webbläsare.',
    CAMERA_LOST: 'Kameran har stannat. Försök igen.',
    DECODER_FAILED: 'Kodläsaren har stannat. Försök igen.',
    sees: 'Det kameran ser',
  },
};
