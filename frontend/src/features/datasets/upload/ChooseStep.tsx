import { Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconCloudUpload } from '@tabler/icons-react';
import '@mantine/dropzone/styles.css';
import { useState } from 'react';
import { Card } from '@/components/Card';
import styles from './ChooseStep.module.css';

export function ChooseStep({ onChoose }: { onChoose: (file: File) => void }) {
  const [complaint, setComplaint] = useState<string | null>(null);
  const take = (files: File[]) => {
    const [file] = files;
    if (!file) return;
    if (file.size === 0)
      setComplaint(`${file.name} is empty (0 bytes). Choose a file with a header and rows.`);
    else onChoose(file);
  };
  return (
    <Card>
      <Dropzone
        onDrop={take}
        onReject={() => setComplaint('One file at a time, please.')}
        maxFiles={1}
        multiple={false}
        className={styles.zone ?? ''}
        inputProps={{ 'aria-label': 'Choose a file' }}
      >
        <div className={styles.inner}>
          <IconCloudUpload size={44} stroke={1.4} aria-hidden />
          <Text fw={650} size="lg">
            Drop a file here, or choose one
          </Text>
          <Text size="sm" c="dimmed">
            CSV, TSV, JSON, JSON lines or Parquet; also compressed as .gz
          </Text>
        </div>
      </Dropzone>
      {complaint && (
        <Text role="alert" size="sm" c="var(--danger-ink)" mt="sm">
          {complaint}
        </Text>
      )}
      <ul className={styles.hints}>
        <li>
          Separator, encoding, decimal comma, currency signs and date order are found out from the file.
        </li>
        <li>You see how it is read before anything is stored, and can correct it.</li>
        <li>Rows that cannot be read are listed with the reason, never guessed.</li>
      </ul>
    </Card>
  );
}
