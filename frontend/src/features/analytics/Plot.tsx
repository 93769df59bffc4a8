import { Button, Skeleton, Stack, Text } from '@mantine/core';
import type { Part, PlotElement, PlotEvent } from 'plotly.js-basic-dist-min';
import { useEffect, useRef, useState } from 'react';
import { loadPlotly, plotlyAtHand } from './plotly';

// Plotly 4 offers an upload to its makers' cloud unless told otherwise; our own tool bar stands in for its own.
const CONFIG: Part = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  doubleClick: false,
};

interface PlotProps {
  data: Part[];
  layout: Part;
  height: number;
  /** What a reader who cannot see the picture is told; the table beside it holds the figures. */
  label: string;
  onRelayout?: (event: PlotEvent) => void;
  onClick?: (event: PlotEvent) => void;
  onDoubleClick?: () => void;
  onElement?: (element: HTMLElement) => void;
  /** The chart is seen for the first time, or never will be. */
  onDrawn?: () => void;
}

/** A thin wrapper around Plotly.react: react-plotly.js would drag in all of Plotly. */
export function Plot({
  data,
  layout,
  height,
  label,
  onRelayout,
  onClick,
  onDoubleClick,
  onElement,
  onDrawn,
}: PlotProps) {
  const element = useRef<HTMLDivElement>(null);
  const [plotly, setPlotly] = useState(plotlyAtHand);
  const [failed, setFailed] = useState(false);
  const handlers = useRef({ onRelayout, onClick, onDoubleClick, onDrawn });
  handlers.current = { onRelayout, onClick, onDoubleClick, onDrawn };

  useEffect(() => {
    if (failed) handlers.current.onDrawn?.();
    if (failed || plotly) return;
    let wanted = true;
    loadPlotly().then(
      (there) => wanted && setPlotly(there),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [failed, plotly]);

  useEffect(() => {
    const div = element.current;
    if (!plotly || !div) return;
    const isNew = !('on' in div);
    void plotly.react(div, data, layout, CONFIG).then((plot) => {
      if (!isNew) return;
      listenTo(plot, handlers);
      // After the frame that shows it.
      requestAnimationFrame(() => setTimeout(() => handlers.current.onDrawn?.()));
    });
  }, [plotly, data, layout]);

  useEffect(() => {
    const div = element.current;
    if (!plotly || !div) return;
    onElement?.(div);
    let drawn = sizeOf(div);
    const observer = new ResizeObserver(() => {
      // An observer speaks at once, of the size that is drawn already.
      if (div.clientWidth === 0 || sizeOf(div) === drawn || !('on' in div)) return;
      drawn = sizeOf(div);
      void plotly.Plots.resize(div);
    });
    observer.observe(div);
    return () => {
      observer.disconnect();
      plotly.purge(div);
    };
  }, [plotly, onElement]);

  if (failed) {
    return (
      <Stack role="alert" gap="xs" align="flex-start" mih={height} justify="center">
        <Text size="sm">The chart could not be loaded. The table beside it holds the same figures.</Text>
        <Button size="xs" variant="default" onClick={() => setFailed(false)}>
          Try again
        </Button>
      </Stack>
    );
  }
  return (
    <div style={{ position: 'relative', height }}>
      {!plotly && <Skeleton height={height} style={{ position: 'absolute', inset: 0 }} />}
      <div ref={element} role="img" aria-label={label} style={{ height, width: '100%' }} />
    </div>
  );
}

interface Handlers {
  onRelayout: PlotProps['onRelayout'];
  onClick: PlotProps['onClick'];
  onDoubleClick: PlotProps['onDoubleClick'];
  onDrawn: PlotProps['onDrawn'];
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): string {
  return `${clientWidth} x ${clientHeight}`;
}

function listenTo(plot: PlotElement, handlers: { current: Handlers }): void {
  plot.on('plotly_relayout', (event) => handlers.current.onRelayout?.(event));
  plot.on('plotly_click', (event) => handlers.current.onClick?.(event));
  plot.on('plotly_doubleclick', () => handlers.current.onDoubleClick?.());
}

/** Save a drawn chart as a picture of twice its size on the screen. */
export async function savePicture(element: HTMLElement, filename: string): Promise<void> {
  const plotly = await loadPlotly();
  const { clientWidth: width, clientHeight: height } = element;
  await plotly.downloadImage(element, { format: 'png', width, height, filename, scale: 2 });
}
