import { common } from '@tallystick/kit/words/pt';
import type { Words } from './en.ts';

const number = new Intl.NumberFormat('pt');
const plural = new Intl.PluralRules('pt');

/** What the wallet says in Brazilian Portuguese. */
export const words: Words = {
  ...common,

  app: 'Carteira Tallystick',
  opening: 'Abrindo sua carteira…',

  unavailable: {
    title: 'Não deu para abrir sua carteira',
    text: 'Nada do que está nela se perdeu.',
    reasons: {
      BUSY: 'Ela está aberta em outra aba ou janela. Feche lá e tente de novo.',
      TAMPERED:
        'O que está guardado neste aparelho foi alterado ou danificado. Informe ao seu banco que o aparelho foi perdido: o que restou será devolvido.',
      STORAGE_FAILED: 'Este aparelho está sem espaço. Libere um pouco e tente de novo.',
      BACKEND_UNREACHABLE: 'Na primeira vez, é preciso ter internet. Conecte-se e tente de novo.',
      HARDWARE_FAILED: 'O lugar onde sua carteira fica não está respondendo. Recarregue a página.',
    },
    other: (code) => `Tente de novo. Se não resolver, informe ao seu banco: ${code}.`,
  },

  welcome: {
    title: 'Dinheiro que funciona sem internet',
    lead: 'Pague e receba de celular para celular. Ninguém precisa de sinal, nem você nem a outra pessoa.',
    points: [
      'O dinheiro fica neste celular, como notas em uma carteira.',
      'O que você recebe é seu na hora, e já dá para gastar.',
      'Conecte-se à internet de vez em quando: seu banco recarrega a carteira e confere as contas.',
    ],
    bank: 'Seu banco',
    sandbox: 'Este é um ambiente de teste: você ganha uma conta com dinheiro fictício.',
    pin: 'Um PIN para valores maiores',
    first: (amount) => `Vamos manter ${amount} na sua carteira.`,
    start: 'Abrir minha carteira',
    offline:
      'Seu banco não está respondendo. Para abrir uma carteira é preciso ter internet uma vez; para pagar, não.',
    lesson:
      'Dinheiro na carteira é como dinheiro vivo: se você perder o celular, o banco só devolve o valor depois de algumas semanas.',
  },

  homeScreen: {
    total: 'Seu dinheiro',
    inPurse: 'Neste celular',
    atBank: 'No banco',
    available: (amount) => `Você pode pagar até ${amount} agora, mesmo sem internet`,
    pay: 'Pagar',
    receive: 'Receber',
    recent: 'Recentes',
    all: 'Todos os pagamentos',
    empty: 'Nada por enquanto. Pague alguém ou receba: os dois funcionam sem internet.',
    menu: 'Mais',
    offline: 'Sem internet. Você pode pagar e receber mesmo assim.',
    syncing: 'Falando com seu banco…',
    syncFailed: 'Seu banco não respondeu. Nada se perdeu; vamos tentar de novo.',
    syncRefused: (reason) => `Seu banco não aceitou: ${reason}`,
    daysLeft: (days) =>
      `Mais ${number.format(days)} ${plural.select(days) === 'one' ? 'dia' : 'dias'} sem internet. Depois, a carteira precisa se conectar antes de pagar.`,
    mustSync:
      'Esta carteira precisa se conectar à internet antes de pagar de novo. Ela ainda pode receber.',
    inDoubt: (amount) => `${amount} a caminho, ainda sem confirmação.`,
    inDoubtNext:
      'Aproxime os aparelhos de novo ou conecte-se à internet: ou o pagamento é concluído, ou o dinheiro volta para cá.',
    update: 'Há uma versão mais nova da sua carteira. Recarregue esta página para usá-la.',
    tampered:
      'O que está guardado neste aparelho foi alterado por fora, por isso a carteira se bloqueou. Conecte-se à internet: seu banco confere e desbloqueia.',
  },

  pay: {
    title: 'Pagar',
    look: 'Aponte a câmera para o código da outra pessoa.',
    stranger: 'Isso é um código, mas ninguém está pedindo dinheiro nele.',
    ask: (amount) => `Pagar ${amount}?`,
    askOpen: 'Quanto?',
    to: 'Para',
    nobody: 'Alguém com uma carteira particular',
    unverified: 'Confira se é mesmo quem está na sua frente.',
    pin: 'Seu PIN',
    pinWhy: 'Este valor pede o seu PIN.',
    pinWrong: 'PIN incorreto.',
    inDoubt: (amount) =>
      `Um pagamento anterior de ${amount} para o mesmo destino ainda não foi confirmado. Só pague de novo se tiver certeza: os dois podem ser concluídos.`,
    confirm: (amount) => `Pagar ${amount}`,
    despite: 'Pagar mesmo assim',
    show: 'Mostre este código',
    showing: (amount) => `Seu pagamento de ${amount}`,
    thenReceipt:
      'Deixe a outra pessoa ler o código. Depois, aponte a câmera para o comprovante dela.',
    oneWay: 'Deixe a outra pessoa ler o código. Está pago quando a tela dela mostrar.',
    stop: 'Parar por aqui',
    paid: (amount) => `Você pagou ${amount}`,
    inDoubtTitle: 'Ainda não confirmado',
    inDoubtText:
      'O dinheiro saiu desta carteira. Se aparece na tela da outra pessoa, está tudo certo. Se não, conecte-se à internet: ele volta sozinho.',
    takenBack: 'Pagamento desfeito: o dinheiro está aqui de novo.',
    failed: 'Nada foi pago',
  },

  receive: {
    title: 'Receber',
    amount: 'Quanto?',
    any: 'Deixar quem paga escolher',
    next: 'Mostrar meu código',
    show: 'Mostre este código',
    request: (amount) => `Cobrança de ${amount}`,
    open: 'Cobrança: quem paga escolhe o valor',
    thenPayment:
      'Deixe quem paga ler o código. Depois, aponte a câmera para o pagamento na outra tela.',
    accepted: (amount) => `Você recebeu ${amount}`,
    yours: 'O dinheiro já é seu, mesmo sem internet.',
    earlier: (amount) => `Um pagamento anterior de ${amount} chegou`,
    earlierText: 'Ele começou antes e não paga nada do que você pede agora.',
    receipt: 'Mostre o comprovante a quem pagou',
    receiptWhy: 'Assim o outro celular fica sabendo que o dinheiro chegou.',
    failed: 'Nada foi recebido',
    risk: 'O dinheiro é seu quando a tela disser “Você recebeu”. Antes disso, não: um print de pagamento não é um pagamento.',
  },

  history: {
    title: 'Pagamentos',
    kinds: { loaded: 'Do banco', unloaded: 'Para o banco' },
    states: {
      inDoubt: 'ainda não confirmado',
      done: 'concluído, sem internet',
      settled: 'registrado no banco',
      takenBack: 'voltou',
    },
    privately: 'Carteira particular',
    missing: 'Este pagamento não está neste aparelho.',
  },

  item: {
    title: 'Pagamento',
    when: 'Quando',
    who: 'Outra parte',
    state: 'Situação',
    id: 'Número',
    proof: 'Prova',
    proofText:
      'Quem tem estas mensagens pode verificar que este pagamento foi feito, com “tallystick inspect”.',
    share: 'Compartilhar a prova',
    copied: 'Copiado',
    privacy: 'Quem vê o quê',
    privacyPayer: 'Quem recebe vê um número desta carteira e o valor, e mais nada sobre você.',
    privacyPayee: 'Você vê um número da carteira de quem pagou e o valor: nem nome, nem saldo.',
    privacyBank:
      'Os dois bancos veem os dois lados do pagamento, depois que os aparelhos se conectam.',
  },

  money: {
    title: 'Carteira e banco',
    keep: 'Recarga automática até',
    keepHint: 'A cada contato com seu banco, a carteira é recarregada até este valor.',
    never: 'Sem recarga automática',
    load: 'Recarregar agora',
    loadAmount: 'Quanto colocar na carteira?',
    loaded: (amount) => `Você colocou ${amount} na carteira.`,
    redeem: 'Transferir para o banco',
    redeemAmount: 'Quanto transferir para o banco?',
    redeemed: (amount) => `Você transferiu ${amount} para o banco.`,
    needsNetwork: 'Para isso é preciso ter internet.',
    lesson:
      'Dinheiro na carteira é como dinheiro vivo: deixe nela o que você pode precisar sem internet.',
    failed: 'Não deu certo',
  },

  settings: {
    changePin: 'Alterar o PIN',
    newPin: 'Novo PIN',
    pinChanged: 'O PIN foi alterado.',
    title: 'Mais',
    language: 'Idioma',
    sync: 'Falar com o banco agora',
    lock: 'Bloquear esta carteira',
    lockHint: 'Ninguém paga com ela até você desbloquear com seu PIN.',
    lost: 'Se você perder o celular',
    lostText:
      'Avise seu banco. A carteira é cancelada, e as lojas passam a recusá-la assim que ficam sabendo. O que restou volta para você quando todos os pagamentos que ela possa ter feito já tiverem aparecido, o que leva semanas.',
    export: 'Salvar meus dados',
    exportText: 'Tudo o que este aplicativo guarda além da própria carteira, em um arquivo.',
    limits: 'Limites agora',
    limitAvailable: 'Um pagamento, no máximo',
    limitUntil: 'Paga sem internet até',
    version: 'Versão da carteira',
    about:
      'Sua carteira funciona em um lugar fechado deste navegador, que esta página não consegue ver por dentro. Ela não protege você de quem estiver com este aparelho desbloqueado.',
  },

  locked: {
    title: 'Bloqueada',
    text: 'Você bloqueou esta carteira.',
    pin: 'Seu PIN',
    unlock: 'Desbloquear',
    wrong: (tries) =>
      plural.select(tries) === 'one'
        ? `PIN incorreto. Resta ${number.format(tries)} tentativa.`
        : `PIN incorreto. Restam ${number.format(tries)} tentativas.`,
    noTries: 'Não restam tentativas. Conecte-se à internet: seu banco desbloqueia a carteira.',
  },

  failures: {
    DECLINED: 'Você recusou.',
    TIMED_OUT: 'Ninguém respondeu a tempo. Nada se perdeu; comece de novo.',
    LINK_ENDED: 'Foi encerrado antes de terminar. Nada se perdeu; comece de novo.',
    INSUFFICIENT_FUNDS: 'Não há dinheiro suficiente na carteira.',
    OVER_BALANCE_LIMIT: 'Não cabe mais dinheiro nesta carteira.',
    NEEDS_SYNC: 'Primeiro, a carteira precisa se conectar à internet.',
    PAYER_STALE: 'A carteira de quem paga está há tempo demais sem se conectar à internet.',
    REQUEST_EXPIRED: 'A cobrança é antiga demais. Peça uma nova.',
    CERTIFICATE_EXPIRED:
      'Um certificado venceu. A carteira a que ele pertence precisa se conectar à internet.',
    REVOKED: 'Esta carteira foi cancelada pelo banco dela.',
    WRONG_PAYEE: 'Esse é o seu próprio código.',
    PIN_WRONG: 'PIN incorreto.',
    PIN_REQUIRED: 'Este valor pede um PIN, e nenhum foi criado.',
    LOCKED: 'A carteira está bloqueada.',
    PEER_REFUSED: 'O outro aparelho recusou.',
    BACKEND_UNREACHABLE: 'Seu banco não respondeu. Nada se perdeu.',
    ELEMENT_FAILED:
      'Sua carteira não respondeu. Recarregue esta página e depois veja seus pagamentos.',
    STORE_FAILED: 'Este aparelho está sem espaço. Libere um pouco e tente de novo.',
  },
  failure: (code, message) => `${message} (${code})`,
};
