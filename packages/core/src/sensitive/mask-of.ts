import type { SensitiveKind } from './sensitive-kind.ts'

/** What stands for a finding: its kind, and the last four digits of a card, as PCI DSS 3.4.1 lets them be shown. */
export function maskOf(kind: SensitiveKind, found: string): string {
  return kind === 'card' ? `[card …${found.replace(/\D/g, '').slice(-4)}]` : `[${kind}]`
}
