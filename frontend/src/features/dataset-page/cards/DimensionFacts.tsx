import type { Dimension } from '@/api/types';
import { counted } from '@/components/format';
import { NO_VALUE } from '../labels';
import styles from './AboutCard.module.css';

const NAMED = 3; // values of each: the largest; the others are in the file

/** The columns by whose values rows can be grouped, with their most frequent values. */
export function DimensionFacts({ dimensions }: { dimensions: readonly Dimension[] }) {
  return (
    <dl className={styles.facts}>
      {dimensions.map(({ name, distinct, values }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {counted(distinct, 'value')}
            <span>
              {values
                .slice(0, NAMED)
                .map(({ value, share }) => `${value || NO_VALUE} ${Math.round(100 * share)}%`)
                .join(', ')}
              {values.length > NAMED ? ', …' : ''}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
