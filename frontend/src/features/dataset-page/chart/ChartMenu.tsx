import { ActionIcon, Loader, Menu, Tooltip } from '@mantine/core';
import {
  IconChartLine,
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconDots,
  IconFileTypeCsv,
  IconFlag,
  IconPhotoDown,
  IconTable,
  IconVectorBezier2,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from '@tabler/icons-react';
import { moved, type TimeRange, zoomed } from './series';
import type { AxisKind } from './value-scale';

interface ChartMenuProps {
  zoom: TimeRange | null;
  whole: TimeRange;
  onZoom: (zoom: TimeRange | null) => void;
  loading: boolean;
  asTable: boolean;
  onTable: (asTable: boolean) => void;
  onPicture: (format: 'png' | 'svg') => void;
  onSeriesCsv?: () => void;
  onReport?: () => void;
  axis?: { kind: AxisKind; canBeLogarithmic: boolean; onKind: (kind: AxisKind) => void };
}

const STEP = 0.5; // of the window: what was at its edge comes to its middle

/** Everything a drag on the chart or its strip does, for keyboards and single taps (WCAG 2.5.7), and the exports. */
export function ChartMenu(props: ChartMenuProps) {
  const { zoom, whole, onZoom, asTable } = props;
  return (
    <>
      {props.loading && <Loader size="xs" aria-label="Loading more points" />}
      {zoom && !asTable && (
        <Tooltip label="Show all (0)">
          <ActionIcon variant="default" aria-label="Show all" onClick={() => onZoom(null)}>
            <IconZoomReset size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      <Menu position="bottom-end" width={232} withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label="Chart menu">
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!asTable && <ZoomItems zoom={zoom} whole={whole} onZoom={onZoom} />}
          {!asTable && props.axis && <AxisItems {...props.axis} />}
          <Menu.Item
            leftSection={asTable ? <IconChartLine size={16} /> : <IconTable size={16} />}
            onClick={() => props.onTable(!asTable)}
          >
            {asTable ? 'Show as chart' : 'Show as table'}
          </Menu.Item>
          {props.onReport && (
            <Menu.Item leftSection={<IconFlag size={16} />} onClick={props.onReport}>
              Report a missed anomaly
            </Menu.Item>
          )}
          <Menu.Label>Download</Menu.Label>
          <Menu.Item leftSection={<IconPhotoDown size={16} />} onClick={() => props.onPicture('png')}>
            Chart as PNG
          </Menu.Item>
          <Menu.Item leftSection={<IconVectorBezier2 size={16} />} onClick={() => props.onPicture('svg')}>
            Chart as SVG
          </Menu.Item>
          {props.onSeriesCsv && (
            <Menu.Item leftSection={<IconFileTypeCsv size={16} />} onClick={props.onSeriesCsv}>
              Series as CSV
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function ZoomItems({ zoom, whole, onZoom }: Pick<ChartMenuProps, 'zoom' | 'whole' | 'onZoom'>) {
  const items = [
    { label: 'Zoom in', Icon: IconZoomIn, off: false, to: () => zoomed(zoom, whole, 0.5) },
    { label: 'Zoom out', Icon: IconZoomOut, off: !zoom, to: () => zoomed(zoom, whole, 2) },
    { label: 'Earlier', Icon: IconChevronLeft, off: !zoom, to: () => moved(zoom, whole, -STEP) },
    { label: 'Later', Icon: IconChevronRight, off: !zoom, to: () => moved(zoom, whole, STEP) },
  ];
  return (
    <>
      {items.map(({ label, Icon, off, to }) => (
        <Menu.Item
          key={label}
          leftSection={<Icon size={16} />}
          disabled={off}
          closeMenuOnClick={false}
          onClick={() => onZoom(to())}
        >
          {label}
        </Menu.Item>
      ))}
      <Menu.Divider />
    </>
  );
}

const AXES: { kind: AxisKind; label: string }[] = [
  { kind: 'fitted', label: 'Fitted to the data' },
  { kind: 'zero', label: 'From zero' },
  { kind: 'log', label: 'Logarithmic' },
];

function AxisItems({ kind, canBeLogarithmic, onKind }: NonNullable<ChartMenuProps['axis']>) {
  return (
    <>
      <Menu.Label>Value axis</Menu.Label>
      {AXES.map((axis) => (
        <Menu.Item
          key={axis.kind}
          role="menuitemradio"
          aria-checked={axis.kind === kind}
          disabled={axis.kind === 'log' && !canBeLogarithmic}
          leftSection={axis.kind === kind ? <IconCheck size={16} /> : <span style={{ width: 16 }} />}
          onClick={() => onKind(axis.kind)}
        >
          {axis.label}
        </Menu.Item>
      ))}
      <Menu.Divider />
    </>
  );
}
