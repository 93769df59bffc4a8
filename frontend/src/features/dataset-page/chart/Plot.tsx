import { Button, Skeleton, Stack, Text } from '@mantine/core';
import type { Config, Layout } from 'plotly.js';
import { useEffect, useRef, useState } from 'react';
import type { Trace } from './figure';
import { loadedPlotly, loadPlotly } from './plotly';

// The page has its own crosshair, tooltips and tools: Plotly only draws. It also listens to nothing then.
const CONFIG: Partial<Config> = { staticPlot: true, displayModeBar: false, displaylogo: false };

interface PlotProps {
  data: Trace[];
  layout: Partial<Layout>;
  height: number;
  /** What a reader who cannot see the picture is told; the table beside it holds the figures. */
  label: string;
  /** The chart is seen for the first time, or never will be. */
  onDrawn?: () => void;
}

/** A thin wrapper around Plotly.react: react-plotly.js would bring all of Plotly. */
export function Plot({ data, layout, height, label, onDrawn }: PlotProps) {
  const element = useRef<HTMLDivElement>(null);
  const { plotly, hasFailed, retry } = usePlotly();
  const drawn = useRef(onDrawn);
  drawn.current = onDrawn;

  useEffect(() => {
    if (hasFailed) drawn.current?.();
  }, [hasFailed]);

  useEffect(() => {
    const div = element.current;
    if (!plotly || !div) return;
    const isNew = !('on' in div);
    void plotly.react(div, data, layout, CONFIG).then(() => {
      // After the frame that shows it.
      if (isNew) requestAnimationFrame(() => setTimeout(() => drawn.current?.()));
    });
  }, [plotly, data, layout]);

  useEffect(() => {
    const div = element.current;
    if (!plotly || !div) return;
    let size = sizeOf(div);
    const observer = new ResizeObserver(() => {
      // An observer reports at once, with the size that is drawn already.
      if (div.clientWidth === 0 || sizeOf(div) === size || !('on' in div)) return;
      size = sizeOf(div);
      plotly.Plots.resize(div);
    });
    observer.observe(div);
    return () => {
      observer.disconnect();
      plotly.purge(div);
    };
  }, [plotly]);

  if (hasFailed) {
    return (
      <Stack role="alert" gap="xs" align="flex-start" mih={height} justify="center">
        <Text size="sm">The chart could not be loaded. Its table has the same figures.</Text>
        <Button size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      </Stack>
    );
  }
  return (
    <div className="plot" style={{ position: 'relative', height }}>
      {!plotly && <Skeleton height={height} style={{ position: 'absolute', inset: 0 }} />}
      <div ref={element} role="img" aria-label={label} style={{ height, width: '100%' }} />
    </div>
  );
}

/** Plotly as soon as it is loaded; at once if it was loaded before. */
function usePlotly() {
  const [plotly, setPlotly] = useState(loadedPlotly);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    if (hasFailed || plotly) return;
    let isWanted = true;
    loadPlotly().then(
      (loaded) => isWanted && setPlotly(loaded),
      () => isWanted && setHasFailed(true),
    );
    return () => {
      isWanted = false;
    };
  }, [hasFailed, plotly]);
  return { plotly, hasFailed, retry: () => setHasFailed(false) };
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): string {
  return `${clientWidth} x ${clientHeight}`;
}
