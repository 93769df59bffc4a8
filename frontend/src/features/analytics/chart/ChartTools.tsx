import { ActionIcon, Group, Loader, Tooltip } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconFlag,
  IconPhotoDown,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from '@tabler/icons-react';
import { moved, type Stretch, zoomed } from './series';

interface ChartToolsProps {
  stretch: Stretch | null;
  whole: Stretch;
  loading: boolean;
  onStretch: (stretch: Stretch | null) => void;
  onPicture: () => void;
  onReport?: () => void;
}

const STEP = 0.5; // of the window: what was at its edge comes to its middle

/** Everything that a drag on the chart or its strip does, for keyboards and single taps (WCAG 2.5.7). */
export function ChartTools({ stretch, whole, loading, onStretch, onPicture, onReport }: ChartToolsProps) {
  const tools = [
    {
      label: 'Earlier',
      Icon: IconChevronLeft,
      off: !stretch,
      act: () => onStretch(moved(stretch, whole, -STEP)),
    },
    {
      label: 'Later',
      Icon: IconChevronRight,
      off: !stretch,
      act: () => onStretch(moved(stretch, whole, STEP)),
    },
    { label: 'Zoom in', Icon: IconZoomIn, off: false, act: () => onStretch(zoomed(stretch, whole, 0.5)) },
    { label: 'Zoom out', Icon: IconZoomOut, off: !stretch, act: () => onStretch(zoomed(stretch, whole, 2)) },
    { label: 'Show all', Icon: IconZoomReset, off: !stretch, act: () => onStretch(null) },
    { label: 'Save as a picture', Icon: IconPhotoDown, off: false, act: onPicture },
    ...(onReport ? [{ label: 'Report a missed anomaly', Icon: IconFlag, off: false, act: onReport }] : []),
  ];
  return (
    <Group gap={6} role="toolbar" aria-label="Chart tools">
      {loading && <Loader size="xs" aria-label="Loading denser points" />}
      {tools.map(({ label, Icon, off, act }) => (
        <Tooltip key={label} label={label}>
          <ActionIcon
            variant="default"
            aria-label={label}
            aria-disabled={off}
            data-disabled={off || undefined}
            onClick={() => !off && act()}
          >
            <Icon size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
}
