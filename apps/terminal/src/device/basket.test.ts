import { expect, test } from 'vitest';
import { Basket, MOST } from './basket.ts';

test('a basket is lines and what is being typed', () => {
  const basket = new Basket();
  basket.add();
  expect(basket.lines.value).toEqual([]);
  for (const amount of [3_50n, 2_00n]) {
    basket.type(amount);
    basket.add();
  }
  basket.type(75n);
  expect(basket.total.value).toBe(6_25n);
  basket.remove(0);
  expect(basket.total.value).toBe(2_75n);
  expect(basket.room.value).toBe(MOST - 2_00n);
  expect(basket.all()).toEqual([2_00n, 75n]);
  basket.clear();
  expect([basket.total.value, basket.all()]).toEqual([0n, []]);
});

test('a full basket still charges what is typed', () => {
  const basket = new Basket();
  for (let count = 0; count < 99; count++) {
    basket.type(1n);
    basket.add();
  }
  basket.type(5n);
  expect(basket.all()).toHaveLength(100);
  expect(basket.total.value).toBe(104n);
});
