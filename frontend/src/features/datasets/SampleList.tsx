import { Button, Skeleton } from '@mantine/core';
import { useNavigate } from 'react-router';
import { useLoadSample, useSamples } from '@/api/samples';
import { Card } from '@/components/Card';
import { ErrorState } from '@/components/ErrorState';
import { counted } from '@/components/format';
import { notifyFailure } from '@/components/notify';
import styles from './SampleList.module.css';

/** Sample datasets, whose anomalies are known. */
export function SampleList() {
  const { data: samples, error, refetch } = useSamples();
  const load = useLoadSample();
  const navigate = useNavigate();
  if (samples?.length === 0) return null;
  const open = (name: string) =>
    load.mutate(name, {
      onSuccess: ({ datasetId }) => void navigate(`/datasets/${datasetId}`),
      onError: (error) => notifyFailure('The example could not be opened', error),
    });
  return (
    <Card title="Or try an example" subtitle="Sample data with known anomalies">
      {error && (
        <ErrorState title="The examples could not be listed" error={error} onRetry={() => void refetch()} />
      )}
      {!samples && !error && (
        <div className={styles.list} aria-busy="true">
          <span className="visually-hidden">Loading the examples</span>
          {[0, 1, 2, 3].map((place) => (
            <Skeleton key={place} height={116} radius="md" />
          ))}
        </div>
      )}
      <ul className={styles.list}>
        {samples?.map(({ name, title, description, planted }) => (
          <li key={name} className={styles.sample}>
            <div>
              <h3 className={styles.title}>{title}</h3>
              <p className={styles.text}>{description}</p>
              <p className={styles.planted}>{counted(planted.length, 'known anomaly', 'known anomalies')}</p>
            </div>
            <Button
              variant="default"
              size="xs"
              flex="none"
              loading={load.isPending && load.variables === name}
              disabled={load.isPending}
              onClick={() => open(name)}
              aria-label={`Open the example ${title}`}
            >
              Open
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
