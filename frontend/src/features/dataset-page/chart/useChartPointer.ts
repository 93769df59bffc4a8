import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { type Mark, markAt } from './cursor';

const DRAG_PX = 6; // a shorter move is a click of an unsteady hand

interface ChartPointer {
  surface: RefObject<HTMLDivElement | null>;
  marks: readonly Mark[];
  /** The place of the point nearest to a pixel of the surface. */
  placeAt: (px: number) => number | null;
  timeAt: (px: number) => number;
  onZoom: (range: { from: number; to: number } | null) => void;
  onMark: (id: string) => void;
  onPoint: (place: number) => void;
}

/** What the pointer does on a chart: it reads points, selects marks, and drags a time range to zoom into. */
export function useChartPointer(chart: ChartPointer) {
  const [place, setPlace] = useState<number | null>(null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const start = useRef<{ x: number; y: number } | null>(null);

  const positionOf = (event: PointerEvent) => {
    const box = chart.surface.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const onPointerMove = (event: PointerEvent) => {
    const at = positionOf(event);
    setPlace(chart.placeAt(at.x));
    if (!start.current || event.pointerType === 'touch') return;
    if (Math.abs(at.x - start.current.x) >= DRAG_PX) setDrag([start.current.x, at.x]);
    else setDrag(null);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    start.current = positionOf(event);
    if (event.pointerType === 'mouse') event.currentTarget.setPointerCapture?.(event.pointerId);
  };
  const click = ({ x, y }: { x: number; y: number }) => {
    const mark = markAt(chart.marks, x, y);
    const nearest = chart.placeAt(x);
    if (mark) chart.onMark(mark.id);
    else if (nearest !== null) chart.onPoint(nearest);
  };
  const onPointerUp = (event: PointerEvent) => {
    const begun = start.current;
    start.current = null;
    if (!begun) return;
    const at = positionOf(event);
    const moved = Math.abs(at.x - begun.x) >= DRAG_PX;
    setDrag(null);
    if (!moved) click(at);
    else if (event.pointerType !== 'touch') {
      const [from, to] = [chart.timeAt(Math.min(begun.x, at.x)), chart.timeAt(Math.max(begun.x, at.x))];
      chart.onZoom({ from, to });
    }
  };
  const leave = () => {
    start.current = null;
    setDrag(null);
    setPlace(null);
  };
  return {
    place,
    setPlace,
    drag,
    handlers: {
      onPointerMove,
      onPointerDown,
      onPointerUp,
      onPointerCancel: leave,
      onPointerLeave: (event: PointerEvent) => {
        // A finger that is lifted leaves, too; what it read stays until the next touch.
        if (event.pointerType === 'mouse' && !start.current) leave();
      },
      onDoubleClick: () => chart.onZoom(null),
      onBlur: leave,
    },
  };
}
