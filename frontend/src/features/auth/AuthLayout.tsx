import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Logo } from '@/components/Logo';
import styles from './AuthLayout.module.css';
import { Illustration } from './Illustration';

interface AuthLayoutProps {
  title: string;
  lead: string;
  children: ReactNode;
  footer: ReactNode;
}

export function AuthLayout({ title, lead, children, footer }: AuthLayoutProps) {
  return (
    <div className={styles.screen}>
      <main className={styles.form}>
        <Group mb={40}>
          <Logo />
        </Group>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.lead}>{lead}</p>
        {children}
        <p className={styles.footer}>{footer}</p>
      </main>
      <aside className={styles.side} aria-label="What Driftline does">
        <Illustration />
        <p className={styles.claim}>See what is unusual in your data, how certain it is, and why.</p>
        <ul className={styles.points}>
          <li>Reads CSV, JSON and Parquet without preparation</li>
          <li>Every anomaly explained with its numbers</li>
          <li>Nothing dropped silently: unreadable rows are listed</li>
        </ul>
      </aside>
    </div>
  );
}
