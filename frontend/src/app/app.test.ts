import { expect, test } from 'vitest';
import { safePath } from './route-guards';
import { initials } from './shell/UserMenu';

test('after signing in, only a path of our own is followed', () => {
  expect(safePath('/datasets/1?metric=a')).toBe('/datasets/1?metric=a');
  for (const bad of [null, '', 'https://evil.example', '//evil.example', '/\\evil.example']) {
    expect(safePath(bad)).toBe('/datasets');
  }
});

test('initials are made of an address', () => {
  expect(['mara.klein@x.de', 'ops@x.de', 'a@x.de', ''].map(initials)).toEqual(['MK', 'OP', 'A', '']);
});
