import { Sparkline } from '@/components/Sparkline';
import styles from './KpiRow.module.css';

interface KpiTileProps {
  label: string;
  value: string;
  suffix: string;
  notes: readonly string[];
  shape: (number | null)[] | null;
}

export function KpiTile({ label, value, suffix, notes, shape }: KpiTileProps) {
  // Set smaller than the number, but read as one with it.
  const unit = suffix && value.endsWith(suffix) ? suffix : '';
  return (
    <div className={styles.tile}>
      <h2 className={styles.label}>{label}</h2>
      <div className={styles.figure}>
        <p className={styles.value}>
          {value.slice(0, value.length - unit.length)}
          <span className={styles.unit}>{unit}</span>
        </p>
        {shape && <Sparkline values={shape} width={130} height={34} filled className={styles.shape} />}
      </div>
      <p className={styles.note}>
        {notes.map((note) => (
          <span key={note}>{note}</span>
        ))}
      </p>
    </div>
  );
}
