import { IconCloudUpload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { notify } from '@/components/notify';
import { offerFile } from '@/features/datasets/upload/dropped-file';
import { listenToFileDrops } from '../file-drop';
import styles from './DropTarget.module.css';

/** The whole window takes a file: it opens the upload with it, or joins the one that is open. */
export function DropTarget() {
  const [isDragging, setIsDragging] = useState(false);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useEffect(
    () =>
      listenToFileDrops({
        onDragging: setIsDragging,
        onFiles: ([file, ...others]) => {
          if (!file) return;
          if (others.length > 0) {
            notify('Drop one file at a time');
            return;
          }
          offerFile(file);
          if (pathname !== '/upload') void navigate('/upload');
        },
      }),
    [navigate, pathname],
  );
  if (!isDragging) return null;
  return (
    <div className={styles.veil} data-testid="drop target">
      <div className={styles.words}>
        <IconCloudUpload size={40} stroke={1.4} aria-hidden />
        Drop the file to upload it
      </div>
    </div>
  );
}
