import type { ReactNode } from 'react';
import styles from './PageHeader.module.css';

interface PageHeaderProps {
  title: ReactNode;
  subtitle?: ReactNode;
  beside?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, subtitle, beside, actions }: PageHeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <h1 className={styles.title} title={typeof title === 'string' ? title : undefined}>
          {title}
        </h1>
        {beside}
      </div>
      {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
      {actions && <div className={`${styles.actions} screen-only`}>{actions}</div>}
    </header>
  );
}
