import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';

interface ExplanationToolsProps {
  onStep: (step: 1 | -1) => void;
  onClose: () => void;
}

/** Previous, next and close. */
export function ExplanationTools({ onStep, onClose }: ExplanationToolsProps) {
  const tools = [
    { tip: 'Previous (K)', label: 'Previous anomaly', Icon: IconChevronUp, act: () => onStep(-1) },
    { tip: 'Next (J)', label: 'Next anomaly', Icon: IconChevronDown, act: () => onStep(1) },
    { tip: 'Close (Esc)', label: 'Close the explanation', Icon: IconX, act: onClose },
  ];
  return (
    <Group gap={2} wrap="nowrap">
      {tools.map(({ tip, label, Icon, act }) => (
        <Tooltip key={label} label={tip}>
          <ActionIcon variant="subtle" color="gray" c="var(--ink)" size="md" aria-label={label} onClick={act}>
            <Icon size={18} />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
}
