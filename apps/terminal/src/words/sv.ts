import { common } from '@tallystick/kit/words/sv';
import type { Words } from './en.ts';

const number = new Intl.NumberFormat('sv');

/** What the terminal says in Swedish. */
export const words: Words = {
  ...common,

  app: 'Tallystick-kassan',
  opening: 'Öppnar kassan…',

  unavailable: {
    title: 'Det går inte att öppna kassan',
    text: 'Inget i den har gått förlorat.',
    reasons: {
      BUSY: 'Den är öppen i en annan flik eller ett annat fönster. Stäng den där och försök sedan igen.',
      TAMPERED:
        'Det som är sparat på den här enheten har ändrats eller skadats. Anmäl kassan som förlorad hos banken, så får butiken tillbaka det som är kvar.',
      STORAGE_FAILED: 'Det finns inget utrymme kvar på enheten. Frigör lite och försök sedan igen.',
      BACKEND_UNREACHABLE:
        'Första gången behövs nätet, men bara en gång. Gå online och försök sedan igen.',
      HARDWARE_FAILED: 'Platsen där kassans pengar finns svarar inte. Ladda om sidan.',
    },
    other: (code) => `Försök igen. Om det inte hjälper, uppge det här för banken: ${code}.`,
  },

  welcome: {
    title: 'Ställ in en kassa',
    lead: 'Ta betalt från mobiler, med eller utan nät. Pengarna är butikens så snart kassan säger det.',
    bank: 'Butikens bank',
    sandbox: 'Det här är en testmiljö: butiken får konton med låtsaspengar.',
    shop: 'Butikens namn',
    shopHint: 'Den som betalar ser det först.',
    shopMissing: 'Ge butiken ett namn.',
    tooLong: 'Namnen på butik och kassa är för långa tillsammans.',
    lane: 'Den här kassan',
    firstLane: 'Kassa 1',
    laneHint:
      'Varje kassa i en butik har en egen kod och en egen rapport. Ställ in de andra på egna enheter.',
    laneMissing: 'Ge kassan ett namn, till exempel dess nummer.',
    pin: 'En pinkod för kassörer',
    pinWhy: 'Den behövs för återbetalningar, rapporten och dagskassan.',
    refunds: 'Pengar för återbetalningar',
    refundsHint:
      'En kassa som tar emot pengar kan inte betala ut några. Återbetalningar kommer från en plånbok bredvid, som fylls på till detta vid varje kontakt med banken.',
    none: 'Inga återbetalningar här',
    start: 'Öppna kassan',
    offline:
      'Banken svarar inte. För att ställa in en kassa behövs nätet en gång, men inte för att sälja.',
  },

  network: {
    offline: 'Inget nät. Köp och återbetalningar fungerar ändå och bokförs senare.',
    unreached: 'Banken svarade inte. Inget har gått förlorat, den tillfrågas igen.',
    refused: (reason) => `Banken godtog inte det här: ${reason}`,
    syncing: 'Kontaktar banken…',
    sync: 'Kontakta banken nu',
    update: 'Det finns en nyare version av kassan. Ladda om sidan för att få den.',
    tampered:
      'Det som är sparat på den här enheten har ändrats utifrån, så kassan har låst sig. Gå online, så kontrollerar banken den och låser upp.',
  },

  sell: {
    menu: 'Mer',
    amount: 'Belopp',
    total: 'Summa',
    add: 'Lägg till i listan',
    list: 'Lista',
    line: (line) => `Rad ${number.format(line)}`,
    remove: (amount) => `Ta bort ${amount}`,
    clear: 'Töm listan',
    charge: (amount) => `Ta betalt ${amount}`,
    nothing: 'Ta betalt',
    counter: 'Diskens kod',
    queue: (count) => `${number.format(count)} inte bokförda`,
    settled: 'Allt är bokfört',
  },

  charge: {
    title: 'Ta betalt',
    empty: 'Det finns inget att ta betalt för ännu.',
    show: 'Visa det här för kunden',
    request: (amount) => `Begäran om ${amount}`,
    thenPayment: 'Kunden skannar den och betalar. Håll sedan kundens mobil framför kameran här.',
    paid: (amount) => `${amount} betalt`,
    yours: 'Pengarna är butikens nu.',
    receipt: 'Kvitto till kundens mobil',
    receiptWhy: 'Låt kunden skanna det, så att mobilen vet att betalningen kom fram.',
    next: 'Nästa kund',
    earlier: (amount) => `En tidigare betalning på ${amount} har kommit fram`,
    earlierText:
      'Den påbörjades innan och betalar inget av det här köpet. Visa dess kvitto och ta sedan betalt igen.',
    chargeAgain: 'Ta betalt igen',
    failed: 'Inte betalt',
  },

  counter: {
    title: 'Koden på disken',
    text: 'Kunden skannar den, skriver beloppet och visar sin betalning för kassan.',
    label: 'Kassans kod; den som betalar skriver beloppet',
    print: 'Skriv ut koden',
    scan: 'Håll kundens betalning framför kameran.',
    accepted: (amount) => `${amount} betalt`,
    repeated: (amount) => `${amount}: visad tidigare, räknas en gång`,
    refused: 'Inte betalt',
    poster: 'Skanna för att betala, med eller utan nät',
  },

  sales: {
    title: 'Köp och återbetalningar',
    empty: 'Inget ännu. Här visas det som säljs och betalas tillbaka.',
    sale: 'Köp',
    atCounter: 'Köp med koden på disken',
    refund: 'Återbetalning',
    missing: 'Den här betalningen finns inte i kassan.',
    states: {
      taken: 'inte bokfört ännu',
      settled: 'i bankens böcker',
      inDoubt: 'inte bekräftat ännu',
      cameBack: 'kom tillbaka',
    },
    when: 'När',
    state: 'Läge',
    number: 'Nummer',
    lines: 'Lista',
    refundOf: 'Återbetalning av',
    refunds: 'Återbetalningar av köpet',
    left: 'Kan ännu betalas tillbaka',
    refundThis: 'Betala tillbaka',
  },

  refund: {
    title: 'Återbetalning',
    amount: 'Hur mycket ska betalas tillbaka?',
    most: (amount) => `Högst ${amount}`,
    next: (amount) => `Betala tillbaka ${amount}`,
    look: (amount) =>
      `Be kunden öppna ”Ta betalt”, skriva ${amount} och hålla sin kod framför kameran här.`,
    stranger: 'Det är en kod, men ingen ber om pengar i den.',
    show: 'Visa det här för kunden',
    showing: (amount) => `Återbetalning på ${amount}`,
    thenReceipt: 'Låt kunden skanna den. Håll sedan kundens kvitto framför kameran här.',
    stop: 'Sluta här',
    paid: (amount) => `${amount} återbetalt`,
    inDoubt: 'Inte bekräftat ännu',
    inDoubtText:
      'Pengarna har lämnat plånboken för återbetalningar. Om kundens skärm visar dem är allt bra. Gå annars online, så kommer de tillbaka av sig själva.',
    cameBack: 'Pengarna är tillbaka i plånboken för återbetalningar.',
    differs: (asked, amount) =>
      `Kunden ber om ${asked}, men återbetalningen är ${amount}. Låt kunden skriva samma belopp.`,
    failed: 'Inget betalades tillbaka',
    nothingLeft: 'Hela köpet är återbetalt.',
    noPurse: (amount) =>
      `Plånboken för återbetalningar räcker nu till ${amount} åt gången. Fyll på den under ”Dagskassa och återbetalningar” eller betala tillbaka mindre.`,
  },

  queue: {
    title: 'Inte bokfört ännu',
    text: 'Pengarna är redan butikens. De syns i bankens böcker när kassan har varit online.',
    empty: 'Allt finns i bankens böcker.',
    count: 'Betalningar',
    amount: 'Summa',
  },

  report: {
    title: 'Dagsavslut',
    day: 'Dag',
    lane: 'Kassa',
    sales: 'Köp',
    refunds: 'Återbetalningar',
    net: 'Netto',
    settled: 'I bankens böcker',
    outstanding: 'Inte bokfört ännu',
    amount: 'Belopp',
    count: 'Antal',
    print: 'Skriv ut',
    save: 'Spara som tabell (CSV)',
    empty: 'Inget såldes eller betalades tillbaka den här dagen.',
    kept: 'Bokförda betalningar finns kvar i kassan i 90 dagar. Spara rapporten om du behöver den längre.',
  },

  takings: {
    title: 'Dagskassa och återbetalningar',
    inTill: 'Pengar i kassan',
    payOut: 'För över pengarna till banken',
    paidOut: (amount) => `${amount} fördes över till butikens konto.`,
    none: 'Det finns inga pengar i kassan.',
    needsNetwork: 'Det här kräver nätet.',
    refundPurse: 'Plånbok för återbetalningar',
    available: 'En återbetalning, högst',
    failed: 'Det gick inte',
  },

  gate: {
    pin: 'Kassörens pinkod',
    why: 'Bara kassörer kommer vidare här.',
    open: 'Fortsätt',
  },

  more: {
    title: 'Mer',
    language: 'Språk',
    changePin: 'Byt pinkod',
    currentPin: 'Nuvarande pinkod',
    newPin: 'Ny pinkod',
    pinChanged: 'Pinkoden är bytt.',
    about:
      'Kassans pengar finns på en stängd plats i webbläsaren som den här sidan inte kan titta in i. Den tar emot pengar och betalar inte ut några, så en stulen kassa är ingen plånbok för den som har den.',
  },

  failures: {
    DECLINED: 'Det avböjdes.',
    TIMED_OUT: 'Ingen betalade i tid. Ta betalt igen.',
    LINK_ENDED: 'Det avslutades innan det var klart. Ta betalt igen.',
    INSUFFICIENT_FUNDS:
      'Det finns inte tillräckligt i plånboken för återbetalningar. Fyll på den under ”Dagskassa och återbetalningar”.',
    OVER_PAYMENT_LIMIT: 'Det är mer än en återbetalning får vara. Betala tillbaka i delar.',
    OVER_TOTAL_LIMIT: 'Plånboken för återbetalningar måste gå online innan den betalar mer.',
    OVER_COUNT_LIMIT: 'Plånboken för återbetalningar måste gå online innan den betalar mer.',
    OFFLINE_TOO_LONG: 'Plånboken för återbetalningar måste gå online innan den betalar mer.',
    OVER_BALANCE_CEILING: 'Kassan är full. För över pengarna till banken.',
    OVER_PAYER_CAP:
      'Kunden har redan betalat så mycket som en kassa får ta emot från en plånbok innan den är online. Gå online eller ta betalt på annat sätt.',
    NEEDS_SYNC: 'Kassan måste gå online först.',
    PAYER_STALE: 'Det var för länge sedan kundens plånbok var online. Den måste gå online först.',
    REQUEST_EXPIRED: 'Koden är för gammal. Ta betalt igen.',
    PAST_ACCEPT_BY:
      'Betalningen är för gammal. Kunden får tillbaka pengarna vid nästa kontakt med sin bank.',
    CERTIFICATE_EXPIRED:
      'Det var för länge sedan kundens plånbok var online. Den måste gå online först.',
    REVOKED: 'Kundens plånbok är spärrad av sin bank. Ta betalt på annat sätt.',
    WRONG_PAYEE: 'Betalningen är till en annan kassa.',
    WRONG_AMOUNT: 'Betalningen är på ett annat belopp. Ta betalt igen.',
    BAD_SIGNATURE: 'Betalningen hör inte till det här köpet. Be kunden skanna kassans kod först.',
    MALFORMED: 'Det är ingen betalning. Be kunden visa sin igen.',
    UNEXPECTED_FRAME: 'Det är ingen betalning. Be kunden visa sin igen.',
    PIN_WRONG: 'Fel pinkod.',
    PIN_BLOCKED: 'För många felaktiga pinkoder. Gå online, så ger banken nya försök.',
    PIN_REQUIRED: 'Det här kräver pinkoden.',
    LOCKED: 'Kassan är låst. Gå online, så kontrollerar banken den.',
    PEER_REFUSED: 'Kundens mobil nekade.',
    BACKEND_UNREACHABLE: 'Banken svarade inte. Inget har gått förlorat.',
    ELEMENT_FAILED: 'Kassans plånbok svarade inte. Ladda om sidan och titta sedan på köpen.',
    STORE_FAILED: 'Det finns inget utrymme kvar på enheten. Frigör lite och försök sedan igen.',
  },
  failure: (code, message) => `${message} (${code})`,
};
