import { common } from '@tallystick/kit/words/sv';
import type { Words } from './en.ts';

const number = new Intl.NumberFormat('sv');
const plural = new Intl.PluralRules('sv');

/** What the wallet says in Swedish. */
export const words: Words = {
  ...common,

  app: 'Tallystick-plånboken',
  opening: 'Öppnar din plånbok…',

  unavailable: {
    title: 'Det går inte att öppna din plånbok',
    text: 'Inget i den har gått förlorat.',
    reasons: {
      BUSY: 'Den är öppen i en annan flik eller ett annat fönster. Stäng den där och försök sedan igen.',
      TAMPERED:
        'Det som är sparat på den här enheten har ändrats eller skadats. Anmäl enheten som förlorad hos din bank, så får du tillbaka det som är kvar.',
      STORAGE_FAILED: 'Det finns inget utrymme kvar på enheten. Frigör lite och försök sedan igen.',
      BACKEND_UNREACHABLE:
        'Första gången behövs nätet, men bara en gång. Gå online och försök sedan igen.',
      HARDWARE_FAILED: 'Platsen där din plånbok finns svarar inte. Ladda om sidan.',
    },
    other: (code) => `Försök igen. Om det inte hjälper, uppge det här för din bank: ${code}.`,
  },

  welcome: {
    title: 'Pengar som fungerar utan nät',
    lead: 'Betala och ta betalt från mobil till mobil. Ingen av er behöver ha täckning.',
    points: [
      'Pengarna finns i mobilen, som kontanter i en plånbok.',
      'Det du får är ditt direkt, och du kan använda det direkt.',
      'Gå online då och då, så fyller banken på plånboken och stämmer av.',
    ],
    bank: 'Din bank',
    sandbox: 'Det här är en testmiljö: du får ett konto med låtsaspengar.',
    pin: 'En pinkod för större belopp',
    first: (amount) => `Plånboken fylls på till ${amount}.`,
    start: 'Öppna min plånbok',
    offline:
      'Din bank svarar inte. För att öppna en plånbok behövs nätet en gång, men inte för att betala.',
    lesson:
      'Pengar i plånboken är som kontanter: om du tappar bort mobilen får du tillbaka dem från banken först efter några veckor.',
  },

  homeScreen: {
    total: 'Dina pengar',
    inPurse: 'I mobilen',
    atBank: 'På banken',
    available: (amount) => `Du kan betala upp till ${amount} nu, även utan nät`,
    pay: 'Betala',
    receive: 'Ta betalt',
    recent: 'Senaste',
    all: 'Alla betalningar',
    empty: 'Inget än. Betala någon eller ta betalt: båda fungerar utan nät.',
    menu: 'Mer',
    offline: 'Inget nät. Du kan betala och ta betalt ändå.',
    syncing: 'Kontaktar din bank…',
    syncFailed: 'Din bank svarade inte. Inget har gått förlorat, och vi försöker igen.',
    syncRefused: (reason) => `Din bank godtog inte det här: ${reason}`,
    daysLeft: (days) =>
      `${plural.select(days) === 'one' ? 'En dag' : `${number.format(days)} dagar`} till utan nät. Sedan måste plånboken gå online innan du kan betala.`,
    mustSync: 'Plånboken måste gå online innan du kan betala igen. Du kan fortfarande ta betalt.',
    inDoubt: (amount) => `${amount} är på väg men har inte bekräftats än.`,
    inDoubtNext:
      'Håll enheterna mot varandra igen eller gå online. Då blir det betalt, eller så kommer pengarna tillbaka hit.',
    update: 'Det finns en nyare version av din plånbok. Ladda om sidan för att få den.',
    tampered:
      'Det som är sparat på den här enheten har ändrats utifrån, så plånboken har låst sig. Gå online, så kontrollerar banken den och låser upp den.',
  },

  pay: {
    title: 'Betala',
    look: 'Rikta kameran mot den andras kod.',
    stranger: 'Det är en kod, men den ber inte om någon betalning.',
    ask: (amount) => `Betala ${amount}?`,
    askOpen: 'Hur mycket?',
    to: 'Till',
    nobody: 'Någon med en privat plånbok',
    unverified: 'Kontrollera att det stämmer med den som står framför dig.',
    pin: 'Din pinkod',
    pinWhy: 'Det här beloppet kräver din pinkod.',
    pinWrong: 'Fel pinkod.',
    inDoubt: (amount) =>
      `En tidigare betalning på ${amount} till samma mottagare har inte bekräftats än. Betala igen bara om du är säker: båda kan gå igenom.`,
    confirm: (amount) => `Betala ${amount}`,
    despite: 'Betala ändå',
    show: 'Visa den här koden',
    showing: (amount) => `Din betalning på ${amount}`,
    thenReceipt: 'Låt den andra skanna koden. Rikta sedan kameran mot den andras kvitto.',
    oneWay: 'Låt den andra skanna koden. Det är betalt när den andras skärm visar det.',
    stop: 'Avsluta här',
    paid: (amount) => `Du har betalat ${amount}`,
    inDoubtTitle: 'Inte bekräftat än',
    inDoubtText:
      'Pengarna har lämnat plånboken. Om de syns på den andras skärm är allt som det ska. Annars går du online, så kommer de tillbaka av sig själva.',
    takenBack: 'Betalningen togs tillbaka. Pengarna är här igen.',
    failed: 'Inget betalades',
  },

  receive: {
    title: 'Ta betalt',
    amount: 'Hur mycket?',
    any: 'Låt betalaren välja',
    next: 'Visa min kod',
    show: 'Visa den här koden',
    request: (amount) => `Begäran om ${amount}`,
    open: 'Begäran: betalaren väljer beloppet',
    thenPayment:
      'Låt betalaren skanna koden. Rikta sedan kameran mot betalningen på betalarens skärm.',
    accepted: (amount) => `Du har fått ${amount}`,
    yours: 'Pengarna är dina nu, även utan nät.',
    earlier: (amount) => `En tidigare betalning på ${amount} har kommit fram`,
    earlierText: 'Den påbörjades tidigare och betalar inget av det du ber om nu.',
    receipt: 'Visa kvittot för betalaren',
    receiptWhy: 'Då vet betalarens mobil att pengarna har kommit fram.',
    failed: 'Du har inte fått något',
    risk: 'Pengarna är dina när det står att du har fått dem, inte innan. En skärmbild av en betalning är ingen betalning.',
  },

  history: {
    title: 'Betalningar',
    kinds: {
      loaded: 'Från banken',
      unloaded: 'Till banken',
    },
    states: {
      inDoubt: 'inte bekräftat än',
      done: 'klart, utan nät',
      settled: 'bokfört hos banken',
      takenBack: 'kom tillbaka',
    },
    privately: 'Privat plånbok',
    missing: 'Den här betalningen finns inte på enheten.',
  },

  item: {
    title: 'Betalning',
    when: 'När',
    who: 'Motpart',
    state: 'Status',
    id: 'Nummer',
    proof: 'Bevis',
    proofText:
      'Den som har de här meddelandena kan kontrollera att betalningen har gjorts, med ”tallystick inspect”.',
    share: 'Dela beviset',
    copied: 'Kopierat',
    privacy: 'Vem ser vad',
    privacyPayer:
      'Mottagaren ser ett nummer för den här plånboken och beloppet, men inget annat om dig.',
    privacyPayee: 'Du ser ett nummer för betalarens plånbok och beloppet: inget namn, inget saldo.',
    privacyBank: 'Båda bankerna ser båda sidor av betalningen när enheterna har varit online.',
  },

  money: {
    title: 'Plånbok och bank',
    keep: 'Fyll alltid på till',
    keepHint: 'Varje gång din bank kontaktas fylls plånboken på till det här beloppet.',
    never: 'Inte automatiskt',
    load: 'Fyll på nu',
    loadAmount: 'Hur mycket till plånboken?',
    loaded: (amount) => `${amount} har lagts i plånboken.`,
    redeem: 'För över till banken',
    redeemAmount: 'Hur mycket till banken?',
    redeemed: (amount) => `${amount} har förts över till banken.`,
    needsNetwork: 'För det här behövs nätet.',
    lesson: 'Pengar i plånboken är som kontanter: ha där det du kan behöva utan nät.',
    failed: 'Det gick inte',
  },

  settings: {
    changePin: 'Byt pinkod',
    newPin: 'Ny pinkod',
    pinChanged: 'Pinkoden är bytt.',
    title: 'Mer',
    language: 'Språk',
    sync: 'Kontakta banken nu',
    lock: 'Lås plånboken',
    lockHint: 'Ingen kan betala med den förrän du låser upp den med din pinkod.',
    lost: 'Om du tappar bort mobilen',
    lostText:
      'Anmäl det till din bank. Då spärras plånboken, och butiker nekar den så snart de får veta det. Det som är kvar får du tillbaka när alla betalningar som kan ha gjorts har hunnit komma in. Det tar några veckor.',
    export: 'Spara mina data',
    exportText: 'Allt som appen sparar utöver själva plånboken, som en fil.',
    limits: 'Dina gränser nu',
    limitAvailable: 'En betalning, högst',
    limitUntil: 'Kan betala utan nät till',
    version: 'Plånbokens version',
    about:
      'Din plånbok körs på en sluten plats i webbläsaren som den här sidan inte kan se in i. Den skyddar inte mot någon som har din enhet olåst.',
  },

  locked: {
    title: 'Låst',
    text: 'Du har låst plånboken.',
    pin: 'Din pinkod',
    unlock: 'Lås upp',
    wrong: (tries) =>
      `Fel pinkod. ${plural.select(tries) === 'one' ? 'Ett' : number.format(tries)} försök kvar.`,
    noTries: 'Inga försök kvar. Gå online, så låser banken upp plånboken.',
  },

  failures: {
    DECLINED: 'Du tackade nej.',
    TIMED_OUT: 'Ingen svarade i tid. Inget har gått förlorat. Börja om.',
    LINK_ENDED: 'Det avslutades innan det var klart. Inget har gått förlorat. Börja om.',
    INSUFFICIENT_FUNDS: 'Det finns inte tillräckligt i plånboken.',
    OVER_BALANCE_LIMIT: 'Plånboken rymmer inte mer.',
    NEEDS_SYNC: 'Plånboken måste gå online först.',
    PAYER_STALE: 'Det var för länge sedan betalarens plånbok var online.',
    REQUEST_EXPIRED: 'Begäran är för gammal. Be om en ny.',
    CERTIFICATE_EXPIRED: 'Ett certifikat har gått ut. Plånboken det hör till måste gå online.',
    REVOKED: 'Plånboken är spärrad av sin bank.',
    WRONG_PAYEE: 'Det är din egen kod.',
    PIN_WRONG: 'Fel pinkod.',
    PIN_REQUIRED: 'Det här beloppet kräver en pinkod, och ingen är vald.',
    LOCKED: 'Plånboken är låst.',
    PEER_REFUSED: 'Den andra enheten nekade.',
    BACKEND_UNREACHABLE: 'Din bank svarade inte. Inget har gått förlorat.',
    ELEMENT_FAILED: 'Din plånbok svarade inte. Ladda om sidan och titta sedan på dina betalningar.',
    STORE_FAILED: 'Det finns inget utrymme kvar på enheten. Frigör lite och försök sedan igen.',
  },
  failure: (code, message) => `${message} (${code})`,
};
