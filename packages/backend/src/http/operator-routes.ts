import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { refuse } from '../outcome.ts';
import { REVOCATION_REASONS } from '../service/revocation.ts';
import { demandType, JSON_BYTES_MAX, limitBody } from './body.ts';
import { addEmergency } from './emergency-routes.ts';
import { demandOperator } from './guard.ts';
import { idempotent } from './idempotency.ts';
import { addImages } from './image-routes.ts';
import { addList } from './lists.ts';
import { addLostDevices } from './lost-routes.ts';
import { readMoney } from './money.ts';
import { byId, json, JSON_TYPE, keyHeader, type OperatorOptions, OPERATORS } from './operator.ts';
import { problem, PROBLEMS, refusal } from './problem.ts';
import { addOverview } from './overview-routes.ts';
import { addPolicy } from './policy-routes.ts';
import { addSearch } from './search-routes.ts';
import { addStatements } from './statement-routes.ts';
import { addStaff } from './staff-routes.ts';
import { accountSchema, viewAccount } from './views/account.ts';
import { auditSchema, viewAudit } from './views/audit.ts';
import { factSchema, forkSchema, viewFact, viewFork } from './views/evidence.ts';
import { hex } from './views/fields.ts';
import { paymentSchema, type PaymentView, viewPayment } from './views/payment.ts';
import { purseDetailSchema, purseSchema, viewPurse, viewPurseDetail } from './views/purse.ts';
import { supplySchema, viewSupply } from './views/supply.ts';

/** What operators call: JSON, for machines with a bearer token and for staff who are signed in. */
export function addOperatorRoutes(app: OpenAPIHono, options: OperatorOptions): void {
  const guard = demandOperator(options.token, options.staff);
  for (const path of [
    'supply',
    'purses',
    'payments',
    'receipts',
    'forks',
    'facts',
    'audits',
    'revocations',
    'lost-reports',
    'refunds',
    'emergency',
    'images',
    'image-withdrawals',
    'accounts',
    'staff',
    'overview',
    'search',
    'policy-previews',
    'policies',
  ]) {
    // The path itself, too, and once.
    app.use(`/v1/${path}/*`, guard);
  }
  addSupply(app, options);
  addPurses(app, options);
  addPayments(app, options);
  addEvidence(app, options);
  addAudits(app, options);
  addRevocations(app, options);
  addLostDevices(app, options);
  addEmergency(app, options);
  addImages(app, options);
  addAccounts(app, options);
  addStaff(app, options);
  addOverview(app, options);
  addSearch(app, options);
  addStatements(app, options);
  addPolicy(app, options);
}

function addSupply(app: OpenAPIHono, { backend }: OperatorOptions): void {
  const schema = z.object({ items: z.array(supplySchema) });
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/supply',
    summary: 'The supply equation, for the scheme and for each participant',
    responses: { 200: json(schema, 'One item per currency and participant.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) =>
    context.json({ items: (await backend.supply()).map(viewSupply) }, 200),
  );
}

function addPurses(app: OpenAPIHono, { store }: OperatorOptions): void {
  const { reports } = store;
  addList(app, {
    path: '/v1/purses',
    summary: 'Every purse',
    schema: purseSchema,
    read: (after, limit) => reports.purses(after, limit),
    view: viewPurse,
  });
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/purses/{id}',
    summary: 'One purse, with its balances and certificates',
    request: byId,
    responses: { 200: json(purseDetailSchema, 'The purse.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const purse = await reports.purse(id);
    if (purse === null) return problem(context, 'NOT_FOUND', `no purse ${id}`);
    const balances = await store.transaction([id], (tx) => tx.balances(id));
    const certificates = await store.certificatesOf([id]);
    return context.json(viewPurseDetail(purse, balances, certificates), 200);
  });
}

function addPayments(app: OpenAPIHono, { store }: OperatorOptions): void {
  const { reports } = store;
  const view = async (id: string): Promise<PaymentView> => {
    const { payer, payee } = await reports.payment(id);
    const shown = viewPayment(payer, payee);
    if (shown === null) throw new Error(`payment ${id} is listed but not there`);
    return shown;
  };
  addList(app, {
    path: '/v1/payments',
    summary: 'Payments between purses, and back to the issuer',
    schema: paymentSchema,
    read: (after, limit) => reports.payerHalves(after, limit),
    view: ({ payment }) => view(payment),
  });
  addList(app, {
    path: '/v1/receipts',
    summary: 'Payments as their payees know them, loads included',
    schema: paymentSchema,
    read: (after, limit) => reports.payeeHalves(after, limit),
    view: ({ payment }) => view(payment),
  });
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/payments/{id}',
    summary: 'Both halves of one payment',
    request: byId,
    responses: { 200: json(paymentSchema, 'The payment.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const { payer, payee } = await reports.payment(id);
    const shown = viewPayment(payer, payee);
    return shown === null
      ? problem(context, 'NOT_FOUND', `no payment ${id}`)
      : context.json(shown, 200);
  });
}

function addEvidence(app: OpenAPIHono, { store }: OperatorOptions): void {
  const { reports } = store;
  addList(app, {
    path: '/v1/forks',
    summary: 'Checked proofs that a purse signed two conflicting records',
    schema: forkSchema,
    read: (after, limit) => reports.proofs(after, limit),
    view: viewFork,
  });
  const one = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/forks/{id}',
    summary: 'One proof, by its digest',
    request: byId,
    responses: { 200: json(forkSchema, 'The proof.'), ...PROBLEMS },
  });
  app.openapi(one, async (context) => {
    const { id } = context.req.valid('param');
    const proof = await reports.proof(id);
    return proof === null
      ? problem(context, 'NOT_FOUND', `no proof ${id}`)
      : context.json(viewFork(proof), 200);
  });
  const schema = z.object({ items: z.array(factSchema) });
  const route = createRoute({
    ...OPERATORS,
    method: 'get',
    path: '/v1/facts/{id}',
    summary: 'One authentic record, wherever it was seen',
    request: byId,
    responses: { 200: json(schema, 'One item per place it was seen.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param');
    const facts = await reports.fact(id);
    if (facts.length === 0) return problem(context, 'NOT_FOUND', `no record ${id}`);
    return context.json({ items: facts.map(viewFact) }, 200);
  });
}

const revocationSchema = z
  .object({ purse: hex, reason: z.enum(REVOCATION_REASONS) })
  .openapi('Revocation');
const revokedSchema = revocationSchema.extend({ listVersion: z.number().int() }).openapi('Revoked');

function addAudits(app: OpenAPIHono, { backend }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/audits',
    summary: 'Works the ledger out again from the facts, by separate code, and compares',
    responses: { 200: json(auditSchema, 'What was looked at, and what differs.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => context.json(viewAudit(await backend.audit()), 200));
}

function addRevocations(app: OpenAPIHono, { backend, store, clock }: OperatorOptions): void {
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/revocations',
    summary: 'Revokes every certificate of a purse with the next status list',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX), idempotent(store, clock)],
    request: {
      headers: keyHeader,
      body: { required: true, content: { [JSON_TYPE]: { schema: revocationSchema } } },
    },
    responses: { 201: json(revokedSchema, 'It is revoked.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const { purse, reason } = context.req.valid('json');
    const revoked = await backend.revoke(purse, reason);
    if (!revoked.ok) return refusal(context, revoked.error);
    return context.json({ purse, reason, listVersion: revoked.value }, 201);
  });
}

function addAccounts(app: OpenAPIHono, { backend, store, clock }: OperatorOptions): void {
  addList(app, {
    path: '/v1/accounts',
    summary: 'Accounts at the sandbox rail',
    schema: accountSchema,
    read: (after, limit) => backend.rail.accounts(after, limit),
    view: viewAccount,
  });
  const route = createRoute({
    ...OPERATORS,
    method: 'post',
    path: '/v1/accounts',
    summary: 'Opens an account at the sandbox rail, with play money on it',
    middleware: [demandType(JSON_TYPE), limitBody(JSON_BYTES_MAX), idempotent(store, clock)],
    request: {
      headers: keyHeader,
      body: { required: true, content: { [JSON_TYPE]: { schema: accountSchema } } },
    },
    responses: { 201: json(accountSchema, 'It is open.'), ...PROBLEMS },
  });
  app.openapi(route, async (context) => {
    const { participant, account, acceptancePoint, balance } = context.req.valid('json');
    const money = readMoney(balance);
    if (money === null) return problem(context, 'BAD_REQUEST', 'balance');
    if (backend.authority.participant(participant) === undefined) {
      return refusal(context, refuse('UNKNOWN_PARTICIPANT', participant).error);
    }
    const { currency, amount } = money;
    const opened = await backend.rail.open({
      participant,
      account,
      acceptancePoint,
      currency,
      balance: amount,
    });
    if (!opened.ok) return refusal(context, opened.error);
    return context.json(viewAccount(opened.value), 201);
  });
}
