import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = import.meta.dirname;
const MOST_COMPONENT_LINES = 100; // what fits two screens: longer ones are split by what a person sees

function sources(): { path: string; text: string }[] {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'schema.d.ts')
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(SRC, path), text: readFileSync(path, 'utf8') }));
}

/** The functions at the top of a file with their length in lines; the formatter puts their ends in the first column. */
function functionsOf(text: string): { name: string; lines: number }[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    const name = /^(?:export )?(?:async )?function (\w+)/.exec(line)?.[1];
    if (!name) return [];
    const end = lines.findIndex((other, place) => place > start && other === '}');
    return [{ name, lines: end - start + 1 }];
  });
}

test('no component and no function is longer than 100 lines', () => {
  const long = sources().flatMap(({ path, text }) =>
    functionsOf(text)
      .filter(({ lines }) => lines > MOST_COMPONENT_LINES)
      .map(({ name, lines }) => `${path}: ${name} has ${lines} lines`),
  );
  expect(long).toEqual([]);
});

test('keys of kept answers are made in one place', () => {
  const elsewhere = sources()
    .filter(({ path }) => path !== 'api/query-keys.ts' && !path.endsWith('.test.ts'))
    .filter(({ text }) => /(?:queryKey|mutationKey): \[/.test(text))
    .map(({ path }) => path);
  expect(elsewhere).toEqual([]);
});

test('nothing is of type any', () => {
  const offenders = sources()
    .filter(({ text }) => /(?::|as|<) any\b/.test(text.replace(/^.*(?:\/\/|\*).*$/gm, '')))
    .map(({ path }) => path);
  expect(offenders).toEqual([]);
});
