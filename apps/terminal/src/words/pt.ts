import { common } from '@tallystick/kit/words/pt';
import type { Words } from './en.ts';

const number = new Intl.NumberFormat('pt');

/** What the terminal says in Portuguese. */
export const words: Words = {
  ...common,

  app: 'Terminal Tallystick',
  opening: 'Abrindo o caixa…',

  unavailable: {
    title: 'O caixa não abre',
    text: 'Nada do que há nele se perdeu.',
    reasons: {
      BUSY: 'Ele está aberto em outra aba ou janela. Feche lá e tente de novo.',
      TAMPERED:
        'O que está guardado neste aparelho foi alterado ou danificado. Avise o banco que o caixa foi perdido: o que resta é pago à loja.',
      STORAGE_FAILED: 'Este aparelho está sem espaço. Libere um pouco e tente de novo.',
      BACKEND_UNREACHABLE:
        'Na primeira vez é preciso internet, uma vez só. Conecte-se e tente de novo.',
      HARDWARE_FAILED: 'O lugar onde o caixa guarda o dinheiro não responde. Recarregue a página.',
    },
    other: (code) => `Tente de novo. Se não ajudar, informe ao banco: ${code}.`,
  },

  welcome: {
    title: 'Configurar um caixa',
    lead: 'Receba de celulares, com ou sem internet. O dinheiro é da loja assim que este caixa disser.',
    bank: 'Banco da loja',
    sandbox: 'Este é um ambiente de testes: a loja recebe contas com dinheiro de brincadeira.',
    shop: 'Nome da loja',
    shopHint: 'Quem paga vê o nome antes de pagar.',
    shopMissing: 'Dê um nome à loja.',
    tooLong: 'Os nomes da loja e do caixa juntos são longos demais.',
    lane: 'Este caixa',
    firstLane: 'Caixa 1',
    laneHint:
      'Cada caixa de uma loja tem seu próprio código e seu próprio relatório. Configure os outros em aparelhos próprios.',
    laneMissing: 'Dê um nome ao caixa, como o número dele.',
    pin: 'Um PIN para operadores',
    pinWhy: 'Ele é pedido antes de devoluções, do relatório e do dinheiro do caixa.',
    refunds: 'Dinheiro para devoluções',
    refundsHint:
      'Um caixa que recebe dinheiro não pode pagar. As devoluções saem de uma carteira ao lado, que cada contato com o banco completa até este valor.',
    none: 'Sem devoluções aqui',
    start: 'Abrir o caixa',
    offline: 'O banco não responde. Configurar um caixa exige internet uma vez; vender não exige.',
  },

  network: {
    offline: 'Sem internet. Vendas e devoluções continuam e são liquidadas depois.',
    unreached: 'O banco não respondeu. Nada se perdeu; ele será consultado de novo.',
    refused: (reason) => `O banco não aceitou isto: ${reason}`,
    syncing: 'Falando com o banco…',
    sync: 'Falar com o banco agora',
    update: 'Há uma versão mais nova do caixa. Recarregue esta página para usá-la.',
    tampered:
      'O que está guardado neste aparelho foi alterado de fora, e o caixa se bloqueou. Conecte-se: o banco verifica e desbloqueia.',
  },

  sell: {
    menu: 'Mais',
    amount: 'Valor',
    total: 'Total',
    add: 'Adicionar à lista',
    list: 'Lista',
    line: (line) => `Item ${number.format(line)}`,
    remove: (amount) => `Remover ${amount}`,
    clear: 'Limpar tudo',
    charge: (amount) => `Cobrar ${amount}`,
    nothing: 'Cobrar',
    counter: 'Código do balcão',
    queue: (count) => `${number.format(count)} a liquidar`,
    settled: 'Tudo liquidado',
  },

  charge: {
    title: 'Cobrar',
    empty: 'Ainda não há nada a cobrar.',
    show: 'Mostre isto ao cliente',
    request: (amount) => `Cobrança de ${amount}`,
    thenPayment: 'O cliente escaneia e paga. Depois, coloque o celular dele diante desta câmera.',
    paid: (amount) => `${amount} pagos`,
    yours: 'O dinheiro agora é da loja.',
    receipt: 'Recibo para o celular do cliente',
    receiptWhy: 'Deixe o cliente escanear, para o celular dele saber que chegou.',
    next: 'Próximo cliente',
    earlier: (amount) => `Um pagamento anterior de ${amount} chegou`,
    earlierText:
      'Ele foi começado antes e não paga nada desta venda. Mostre o recibo dele e cobre de novo.',
    chargeAgain: 'Cobrar de novo',
    failed: 'Não foi pago',
  },

  counter: {
    title: 'Código do balcão',
    text: 'Quem paga escaneia, digita o valor e mostra o pagamento a este caixa.',
    label: 'Código deste caixa; quem paga digita o valor',
    print: 'Imprimir este código',
    scan: 'Coloque o pagamento do cliente diante da câmera.',
    accepted: (amount) => `${amount} pagos`,
    repeated: (amount) => `${amount}: já mostrado, contado uma vez`,
    refused: 'Não foi pago',
    poster: 'Escaneie para pagar, com ou sem internet',
  },

  sales: {
    title: 'Vendas e devoluções',
    empty: 'Nada ainda. O que for vendido ou devolvido aparece aqui.',
    sale: 'Venda',
    atCounter: 'Venda pelo código do balcão',
    refund: 'Devolução',
    missing: 'Este pagamento não está neste caixa.',
    states: {
      taken: 'ainda não liquidado',
      settled: 'nos livros do banco',
      inDoubt: 'ainda não confirmado',
      cameBack: 'voltou',
    },
    when: 'Quando',
    state: 'Situação',
    number: 'Número',
    lines: 'Lista',
    refundOf: 'Devolução de',
    refunds: 'Devoluções desta venda',
    left: 'Ainda pode ser devolvido',
    refundThis: 'Devolver',
  },

  refund: {
    title: 'Devolução',
    amount: 'Quanto devolver?',
    most: (amount) => `No máximo ${amount}`,
    next: (amount) => `Devolver ${amount}`,
    look: (amount) =>
      `Peça ao cliente que abra “Receber”, digite ${amount} e coloque o código dele diante desta câmera.`,
    stranger: 'Isto é um código, mas ninguém pede dinheiro nele.',
    show: 'Mostre isto ao cliente',
    showing: (amount) => `Devolução de ${amount}`,
    thenReceipt: 'Deixe o cliente escanear. Depois, coloque o recibo dele diante desta câmera.',
    stop: 'Parar aqui',
    paid: (amount) => `${amount} devolvidos`,
    inDoubt: 'Ainda não confirmado',
    inDoubtText:
      'O dinheiro saiu da carteira de devoluções. Se a tela do cliente mostra o valor, está tudo bem. Se não, conecte-se: ele volta sozinho.',
    cameBack: 'O dinheiro está de novo na carteira de devoluções.',
    differs: (asked, amount) =>
      `O cliente pede ${asked}, e a devolução é de ${amount}. Peça que digite o mesmo valor.`,
    failed: 'Nada foi devolvido',
    nothingLeft: 'Esta venda já foi toda devolvida.',
    noPurse: (amount) =>
      `A carteira de devoluções tem agora ${amount} para uma devolução. Complete-a em “Caixa e devoluções” ou devolva menos.`,
  },

  queue: {
    title: 'Ainda não liquidado',
    text: 'O dinheiro já é da loja. Ele entra nos livros do banco quando este caixa se conectar.',
    empty: 'Tudo está nos livros do banco.',
    count: 'Pagamentos',
    amount: 'Soma',
  },

  report: {
    title: 'Fechamento do dia',
    day: 'Dia',
    lane: 'Caixa',
    sales: 'Vendas',
    refunds: 'Devoluções',
    net: 'Líquido',
    settled: 'Nos livros do banco',
    outstanding: 'Ainda não liquidado',
    amount: 'Valor',
    count: 'Quantidade',
    print: 'Imprimir',
    save: 'Salvar como tabela (CSV)',
    empty: 'Nada foi vendido nem devolvido neste dia.',
    kept: 'Pagamentos liquidados ficam neste caixa por 90 dias. Salve o relatório para guardar por mais tempo.',
  },

  takings: {
    title: 'Caixa e devoluções',
    inTill: 'Dinheiro neste caixa',
    payOut: 'Levar o dinheiro ao banco',
    paidOut: (amount) => `${amount} foram para a conta da loja.`,
    none: 'Não há dinheiro neste caixa.',
    needsNetwork: 'Isto exige internet.',
    refundPurse: 'Carteira de devoluções',
    available: 'Uma devolução, no máximo',
    failed: 'Não deu certo',
  },

  gate: {
    pin: 'PIN do operador',
    why: 'Daqui em diante, só operadores.',
    open: 'Continuar',
  },

  more: {
    title: 'Mais',
    language: 'Idioma',
    changePin: 'Trocar o PIN',
    currentPin: 'PIN atual',
    newPin: 'PIN novo',
    pinChanged: 'O PIN foi trocado.',
    about:
      'O dinheiro do caixa fica num lugar fechado deste navegador, que esta página não consegue ver por dentro. Ele recebe dinheiro e não paga, de modo que um caixa roubado não é carteira para ninguém.',
  },

  failures: {
    DECLINED: 'Foi recusado.',
    TIMED_OUT: 'Ninguém pagou a tempo. Cobre de novo.',
    LINK_ENDED: 'Foi encerrado antes de terminar. Cobre de novo.',
    INSUFFICIENT_FUNDS:
      'Não há dinheiro suficiente na carteira de devoluções. Complete-a em “Caixa e devoluções”.',
    OVER_PAYMENT_LIMIT: 'É mais do que uma devolução pode ser. Devolva em partes.',
    OVER_TOTAL_LIMIT: 'A carteira de devoluções precisa se conectar antes de pagar mais.',
    OVER_COUNT_LIMIT: 'A carteira de devoluções precisa se conectar antes de pagar mais.',
    OFFLINE_TOO_LONG: 'A carteira de devoluções precisa se conectar antes de pagar mais.',
    OVER_BALANCE_CEILING: 'O caixa está cheio. Leve o dinheiro ao banco.',
    OVER_PAYER_CAP:
      'Este cliente já pagou aqui tudo o que um caixa pode receber de uma carteira antes de se conectar. Conecte-se ou receba de outra forma.',
    NEEDS_SYNC: 'Primeiro, o caixa precisa se conectar.',
    PAYER_STALE:
      'A carteira do cliente está há tempo demais sem internet. Primeiro, ela precisa se conectar.',
    REQUEST_EXPIRED: 'O código é antigo demais. Cobre de novo.',
    PAST_ACCEPT_BY:
      'Esse pagamento é antigo demais. O cliente o recebe de volta no próximo contato com o banco dele.',
    CERTIFICATE_EXPIRED:
      'A carteira do cliente está há tempo demais sem internet. Primeiro, ela precisa se conectar.',
    REVOKED: 'A carteira do cliente foi cancelada pelo banco dela. Receba de outra forma.',
    WRONG_PAYEE: 'Esse pagamento é para outro caixa.',
    WRONG_AMOUNT: 'Esse pagamento é de outro valor. Cobre de novo.',
    BAD_SIGNATURE:
      'Esse pagamento não é desta venda. Peça ao cliente que escaneie antes o código deste caixa.',
    MALFORMED: 'Isso não é um pagamento. Peça ao cliente que mostre de novo.',
    UNEXPECTED_FRAME: 'Isso não é um pagamento. Peça ao cliente que mostre de novo.',
    PIN_WRONG: 'PIN incorreto.',
    PIN_BLOCKED: 'PINs errados demais. Conecte-se: o banco dá novas tentativas.',
    PIN_REQUIRED: 'Isto pede o PIN.',
    LOCKED: 'O caixa está bloqueado. Conecte-se: o banco verifica.',
    PEER_REFUSED: 'O celular do cliente recusou.',
    BACKEND_UNREACHABLE: 'O banco não respondeu. Nada se perdeu.',
    ELEMENT_FAILED: 'A carteira do caixa não respondeu. Recarregue esta página e veja as vendas.',
    STORE_FAILED: 'Este aparelho está sem espaço. Libere um pouco e tente de novo.',
  },
  failure: (code, message) => `${message} (${code})`,
};
