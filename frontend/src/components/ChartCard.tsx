import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Card } from './Card';
import { type Figures, FiguresTable } from './FiguresTable';

interface ChartCardProps {
  title: string;
  subtitle?: ReactNode;
  actions?: ReactNode;
  className?: string | undefined;
  /** The figures behind the picture, made only when they are asked for. */
  figures: () => Figures;
  children: ReactNode;
}

/** A chart that can be read as a table, too. */
export function ChartCard({ title, subtitle, actions, className, figures, children }: ChartCardProps) {
  const [asTable, setAsTable] = useState(false);
  const label = asTable ? `Show ${title} as a chart` : `Show ${title} as a table`;
  return (
    <Card
      title={title}
      subtitle={subtitle}
      className={className}
      actions={
        <>
          {!asTable && actions}
          <Tooltip label={asTable ? 'Show as a chart' : 'Show as a table'}>
            <ActionIcon variant="default" aria-label={label} onClick={() => setAsTable(!asTable)}>
              {asTable ? <IconChartLine size={17} /> : <IconTable size={17} />}
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {asTable ? <FiguresTable label={title} {...figures()} /> : children}
    </Card>
  );
}
