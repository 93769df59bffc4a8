import { Tooltip } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { labelOf } from '@/api/labels';
import type { Method, MethodVote } from '@/api/types';
import { counted } from '@/components/format';
import { METHOD_MEANINGS } from '../labels';
import styles from './Evidence.module.css';

/** 5 of 7 methods flag it. */
export function evidenceTitle(methods: readonly MethodVote[]): string {
  const flagged = methods.filter((vote) => vote.flagged).length;
  return `${flagged} of ${counted(methods.length, 'method')} ${flagged === 1 ? 'flags' : 'flag'} it`;
}

/** The score of each method at the peak, whether or not it would flag the peak alone. */
export function Evidence({ methods, leading }: { methods: readonly MethodVote[]; leading: Method }) {
  const sorted = methods.toSorted(
    (one, other) =>
      Number(other.name === leading) - Number(one.name === leading) ||
      Number(other.flagged) - Number(one.flagged),
  );
  return (
    <ul className={styles.list}>
      {sorted.map(({ name, score, flagged: isFlagged }) => (
        <li key={name} className={styles.vote} data-flagged={isFlagged}>
          {isFlagged ? <IconCheck size={16} aria-hidden /> : <IconMinus size={16} aria-hidden />}
          <Tooltip label={METHOD_MEANINGS[name]} multiline w={260}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the meaning must be reachable by keyboard. */}
            <span className={styles.name} tabIndex={0}>
              {labelOf('methods', name)}
              {name === leading && <span className={styles.leading}> highest</span>}
            </span>
          </Tooltip>
          <span className={styles.score}>{formatScore(score)}</span>
          <span className="visually-hidden">{isFlagged ? 'flags it' : 'does not flag it'}</span>
        </li>
      ))}
    </ul>
  );
}

export function formatScore(score: number): string {
  const size = Math.abs(score);
  if (size >= 1000) return 'over 1,000';
  return `${score < 0 ? '\u2212' : ''}${size.toFixed(size < 10 ? 2 : 1)}`;
}
