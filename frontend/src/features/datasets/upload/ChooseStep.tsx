import { Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconCloudUpload } from '@tabler/icons-react';
import '@mantine/dropzone/styles.css';
import { useCallback, useEffect, useState } from 'react';
import { Card } from '@/components/Card';
import styles from './ChooseStep.module.css';
import { offerFile, useDroppedFile } from './dropped-file';

export function ChooseStep({ onChoose }: { onChoose: (file: File) => void }) {
  const [complaint, setComplaint] = useState<string | null>(null);
  const take = useCallback(
    (file: File | undefined) => {
      if (!file) return;
      if (file.size === 0)
        setComplaint(`${file.name} is empty (0 bytes). Choose a file with a header and rows.`);
      else onChoose(file);
    },
    [onChoose],
  );
  // Dropped elsewhere in the window.
  const dropped = useDroppedFile();
  useEffect(() => {
    if (!dropped) return;
    offerFile(null);
    take(dropped);
  }, [dropped, take]);
  return (
    <Card>
      <Dropzone
        onDrop={([file]) => take(file)}
        onReject={() => setComplaint('Choose one file at a time.')}
        // The window is a drop target of its own.
        preventDropOnDocument={false}
        data-file-drop
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
            CSV, Excel, JSON or Parquet and more; also compressed (.gz, .zip)
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
          Delimiter, encoding, decimal separator, currency signs and date order are detected from the file.
        </li>
        <li>You check how it is read, and can correct it, before anything is stored.</li>
        <li>Unreadable rows are listed with the reason, never guessed.</li>
      </ul>
    </Card>
  );
}
