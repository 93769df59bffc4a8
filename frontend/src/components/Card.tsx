import { type ReactNode, useId } from 'react';
import styles from './Card.module.css';

interface CardProps {
  title?: ReactNode;
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
  flush?: boolean;
  compact?: boolean;
}

/**
 * A titled surface. `flush` lets the content touch the card's edges (tables). In a `compact` one the subtitle stands
 * beside the title where there is room, and the content begins right below.
 */
export function Card({ title, subtitle, actions, children, className, ...looks }: CardProps) {
  const { flush = false, compact = false } = looks;
  const id = useId();
  return (
    <section
      className={[styles.card, flush && styles.flush, compact && styles.compact, className]
        .filter(Boolean)
        .join(' ')}
      aria-labelledby={title ? id : undefined}
    >
      {(title || actions) && (
        <header className={styles.header}>
          <div className={styles.words}>
            {title && (
              <h2 id={id} className={styles.title} title={typeof title === 'string' ? title : undefined}>
                {title}
              </h2>
            )}
            {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
          </div>
          {actions && <div className={`${styles.actions} screen-only`}>{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
