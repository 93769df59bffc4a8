import { AppShell, ScrollArea } from '@mantine/core';
import { IconDatabase, IconFileAnalytics, IconUpload } from '@tabler/icons-react';
import { NavLink } from 'react-router';
import { useDatasets } from '@/api/datasets';
import { counted, formatBytes } from '@/components/format';
import { STATUS_LABELS, StatusDot } from '@/components/StatusChip';
import styles from './Rail.module.css';

const RECENT = 8; // as many as fit above the fold beside the three links

export function Rail() {
  const { data } = useDatasets();
  const recent = data?.items.slice(0, RECENT) ?? [];
  return (
    <>
      <AppShell.Section grow component={ScrollArea} type="scroll" px="sm" pb="md">
        <ul className={styles.links}>
          <RailLink to="/datasets" end icon={<IconDatabase size={18} stroke={1.7} />} label="Datasets" />
          <RailLink to="/upload" icon={<IconUpload size={18} stroke={1.7} />} label="Upload" />
          <RailLink to="/reports" icon={<IconFileAnalytics size={18} stroke={1.7} />} label="Reports" />
        </ul>
        {recent.length > 0 && (
          <section aria-labelledby="recent">
            <h2 id="recent" className={styles.heading}>
              Recent
            </h2>
            <ul className={styles.links}>
              {recent.map((dataset) => (
                <RailLink
                  key={dataset.id}
                  to={`/datasets/${dataset.id}`}
                  icon={<StatusDot status={dataset.status} />}
                  label={dataset.datasetName}
                  note={STATUS_LABELS[dataset.status]}
                />
              ))}
            </ul>
          </section>
        )}
      </AppShell.Section>
      {data && data.total > 0 && <Storage count={data.total} bytes={data.sizeBytes} />}
    </>
  );
}

/** What the files of the newest versions take up. */
function Storage({ count, bytes }: { count: number; bytes: number }) {
  return (
    <AppShell.Section className={styles.storage ?? ''}>
      <span>Storage</span>
      <span className="number" title={`The newest files of ${counted(count, 'dataset')}`}>
        {formatBytes(bytes)}
      </span>
    </AppShell.Section>
  );
}

interface RailLinkProps {
  to: string;
  label: string;
  icon: React.ReactNode;
  note?: string;
  end?: boolean;
}

function RailLink({ to, label, icon, note, end = false }: RailLinkProps) {
  return (
    <li>
      <NavLink to={to} end={end} className={styles.link ?? ''} title={label}>
        <span className={styles.icon}>{icon}</span>
        <span className={styles.label}>{label}</span>
        {note && <span className="visually-hidden">, {note}</span>}
      </NavLink>
    </li>
  );
}
