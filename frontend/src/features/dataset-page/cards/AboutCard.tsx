import { Collapse, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import type { Analysis, DatasetResponse } from '@/api/types';
import { Card } from '@/components/Card';
import type { NumberFormat } from '@/components/format';
import { usePrinting } from '@/components/printing';
import { QualityFacts, qualitySentence, RejectsButton } from '@/components/QualityReport';
import styles from './AboutCard.module.css';
import { DimensionFacts } from './DimensionFacts';
import { ProfileFacts } from './ProfileFacts';
import { hasQualityNotes, QualityNotes } from './QualityNotes';

interface AboutCardProps {
  analysis: Analysis;
  dataset: DatasetResponse;
  numbers: NumberFormat;
}

/** How the series was analysed and what its data is like: for those who ask, so it is collapsed at first. */
export function AboutCard({ analysis, dataset, numbers }: AboutCardProps) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const isShown = usePrinting() || isOpen;
  const id = useId();
  const { quality } = dataset;
  return (
    <Card className={styles.card}>
      <UnstyledButton
        className={styles.toggle ?? ''}
        aria-expanded={isShown}
        aria-controls={id}
        onClick={toggle}
      >
        <span>
          <span className={styles.title}>About this analysis</span>
          <span className={styles.summary}>
            {quality ? qualitySentence(quality) : 'How this series was analysed'}
          </span>
        </span>
        <IconChevronDown
          size={18}
          className={`${styles.chevron} screen-only`}
          data-open={isShown}
          aria-hidden
        />
      </UnstyledButton>
      <Collapse expanded={isShown} transitionDuration={isShown && !isOpen ? 0 : 200} id={id}>
        <Section title="How this series was analysed">
          <ProfileFacts analysis={analysis} numbers={numbers} />
        </Section>
        {hasQualityNotes(analysis, dataset) && (
          <Section title="Notes on the data">
            <QualityNotes analysis={analysis} dataset={dataset} />
          </Section>
        )}
        {dataset.dimensions.length > 0 && (
          <Section title="Columns that group rows">
            <DimensionFacts dimensions={dataset.dimensions} />
          </Section>
        )}
        {quality && (
          <Section
            title="Data quality"
            action={quality.rejectedRows > 0 ? <RejectsButton dataset={dataset} /> : null}
          >
            <QualityFacts quality={quality} />
          </Section>
        )}
      </Collapse>
    </Card>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h3 className={styles.heading}>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}
