import {
  acceptBy,
  answer,
  checkIssuerMessage,
  checkStatusList,
  closure,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  payment,
  recordId,
  requestDigest,
  runChecking,
  statusIndices,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, test } from 'vitest';
import { codeOf, equation } from './testing/outcome.ts';
import { createWorld, START, valueOf } from './testing/world.ts';

describe('a payment from load to unload', () => {
  test('balances at every step, and ends on the accounts', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob', { participant: 'BETASESS' });
    await world.load(ann, 5_000n);
    await world.sync(ann);
    expect(await equation(world)).toEqual({
      reserve: 5_000n,
      loss: 0n,
      balances: 5_000n,
      inFlight: 0n,
    });

    const request = bob.request(2_000n, START + 60);
    const paid = ann.pay(request, 2_000n, { syncedAt: START });
    bob.receive(paid, request);
    await world.sync(bob);
    expect(await equation(world)).toMatchObject({ reserve: 5_000n, balances: 5_000n });
    const answered = await world.sync(ann);
    const id = recordId(decodeSigned(paid, requestDigest(request)));
    const settled = decodePayload(decodeSigned(answered.answer).payload, answer, 'answer').settled;
    expect(settled.map(toHex)).toEqual([toHex(id)]);

    for (const [device, amount] of [
      [ann, 3_000n],
      [bob, 2_000n],
    ] as const) {
      device.pay(device.welcome!.unloadCode, amount, { syncedAt: START, hop: 1 });
      await world.sync(device);
    }
    expect(await equation(world)).toMatchObject({ reserve: 0n, balances: 0n, inFlight: 0n });
    expect(await world.balance('ann')).toBe(98_000n);
    expect(await world.balance('bob')).toBe(102_000n);
    expect(world.failures).toEqual([]);
  });

  test('an answer verifies under the certificates that come with it, and repeats bit for bit', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const upload = ann.upload();
    const first = valueOf(await world.backend.sync(upload));
    expect(valueOf(await world.backend.sync(upload))).toEqual(first);
    const reply = await world.sync(ann);
    const issuer = decodePurseCertificate(reply.certificates[0]!);
    const read = runChecking(
      checkIssuerMessage(reply.answer, issuer, answer, 'answer'),
      softwareVerify,
    );
    // The statement's own entry is for the next one to vouch for (TS-SYN-9).
    expect(read.ackedTo).toBe(ann.seq - 1);
    expect(read.time).toBe(START);
  });

  test('a payment that its payee never took is closed, and comes back', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    await world.load(ann, 5_000n);
    await world.sync(ann);
    const request = bob.request(2_000n, START + 60);
    const paid = ann.pay(request, 2_000n, { syncedAt: START, acceptMinutes: 1 });
    await world.sync(ann);
    const signed = decodeSigned(paid, requestDigest(request));
    const lapsed = acceptBy(decodePayload(signed.payload, payment, 'payment')) + 1;
    world.clock.now = lapsed;
    await world.sync(bob, { floor: lapsed });
    const reply = await world.sync(ann);
    expect(reply.closures).toHaveLength(1);
    const issuer = decodePurseCertificate(reply.certificates[0]!);
    const closed = runChecking(
      checkIssuerMessage(reply.closures[0]!, issuer, closure, 'closure'),
      softwareVerify,
    );
    expect(toHex(closed.paymentId)).toBe(toHex(recordId(signed)));
    ann.restore(closed.paymentId, reply.closures[0]!);
    await world.sync(ann);
    expect(await equation(world)).toMatchObject({ balances: 5_000n, inFlight: 0n });
  });

  test('a cloned purse is convicted, revoked and listed, and honest payees keep their money', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    const cat = await world.enrol('cat', { participant: 'BETASESS' });
    await world.load(ann, 5_000n);
    await world.sync(ann);
    const clone = ann.clone();
    for (const [payer, payee] of [
      [ann, bob],
      [clone, cat],
    ] as const) {
      const request = payee.request(5_000n, START + 60);
      payee.receive(payer.pay(request, 5_000n, { syncedAt: START }), request);
      await world.sync(payee);
    }
    const { rows: proofs } = await world.store.reports.proofs('', 10);
    expect(proofs.map(({ purse }) => purse)).toEqual([toHex(ann.ref)]);
    expect(await world.store.reports.purse(toHex(ann.ref))).toMatchObject({ standing: 'culprit' });
    expect(await equation(world)).toEqual({
      reserve: 5_000n,
      loss: 5_000n,
      balances: 10_000n,
      inFlight: 0n,
    });
    const list = runChecking(
      checkStatusList(
        await world.backend.list(),
        decodePurseCertificate(world.backend.authority.operator.issuing.wire),
      ),
      softwareVerify,
    );
    expect(statusIndices(list.bits)).toEqual([
      decodePurseCertificate(ann.certificate).profile.statusIndex,
    ]);
    const reply = await world.sync(bob);
    expect(reply.list).toEqual(await world.backend.list());
    expect(codeOf(await world.backend.load(ann.request(1n, START)))).toBe('REVOKED');
  });
});
