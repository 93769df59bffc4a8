import { Group, NumberInput, SegmentedControl } from '@mantine/core';
import { useState } from 'react';

interface MinChangeFieldProps {
  unit: string | null;
  value: string | null;
  onChange: (value: string | null) => void;
}

export function MinChangeField({ unit, value, onChange }: MinChangeFieldProps) {
  const [isPercent, setIsPercent] = useState(value?.endsWith('%') ?? true);
  const write = (amount: number | string, percent: boolean) => {
    const number = Number(amount);
    onChange(amount !== '' && number > 0 ? `${number}${percent ? '%' : ''}` : null);
  };
  const amount = value ? Number.parseFloat(value) : '';
  return (
    <Group align="flex-end" gap="sm" wrap="nowrap">
      <NumberInput
        label="Ignore changes smaller than"
        description="Compared with the expected value; leave empty to ignore none"
        placeholder="None"
        min={0}
        allowNegative={false}
        value={amount}
        suffix={isPercent ? '%' : unit ? ` ${unit}` : ''}
        thousandSeparator=","
        onChange={(next) => write(next, isPercent)}
        flex={1}
      />
      <SegmentedControl
        aria-label="Unit of the smallest change"
        value={isPercent ? 'percent' : 'amount'}
        onChange={(kind) => {
          setIsPercent(kind === 'percent');
          write(amount, kind === 'percent');
        }}
        data={[
          { value: 'percent', label: '%' },
          { value: 'amount', label: unit ?? 'Value' },
        ]}
      />
    </Group>
  );
}
