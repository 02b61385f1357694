import type { Common } from './en.ts';

/** What every app says alike in Portuguese. */
export const common: Common = {
  back: 'Voltar',
  done: 'Pronto',
  cancel: 'Cancelar',
  again: 'Tentar de novo',
  working: 'Um momento…',
  erase: 'Apagar um dígito',

  newPin: {
    hint: 'Pelo menos quatro dígitos. Ele nunca sai deste aparelho.',
    tooShort: 'Use pelo menos quatro dígitos.',
    again: 'O mesmo PIN de novo',
    differs: 'Os dois PINs são diferentes.',
  },

  orTap: 'Ou encoste um telefone no outro.',
  camera: {
    CAMERA_REFUSED:
      'A câmera não está permitida aqui. Permita o uso ao lado do endereço desta página e tente de novo.',
    CAMERA_MISSING: 'Este aparelho não tem câmera. Mesmo assim, ele pode mostrar códigos.',
    CAMERA_BUSY:
      'A câmera não liga. Feche outros aplicativos que possam estar usando a câmera e tente de novo.',
    CAMERA_UNSUPPORTED: 'Este navegador não libera a câmera para páginas. Tente outro.',
    CAMERA_LOST: 'A câmera parou. Tente de novo.',
    DECODER_FAILED: 'O leitor de códigos parou. Tente de novo.',
    sees: 'O que a câmera vê',
  },
};
