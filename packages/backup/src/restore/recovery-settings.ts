import { targetSettings, type ParsedTarget } from './recovery-target.ts'

/**
 * The settings that make a server recover to a target and then take writes. The WAL lies in `pg_wal` already, so the
 * command that would fetch more only has to fail: `exit 1` does that in every shell. Without any command PostgreSQL
 * refuses to recover, and as a standby it would wait for ever when the WAL ends early.
 */
export function recoverySettings(
  target: ParsedTarget,
  timeline: number | 'current' = 'current',
): Record<string, string> {
  return {
    restore_command: 'exit 1',
    recovery_target_timeline: String(timeline),
    ...targetSettings(target),
    recovery_target_action: 'promote',
    archive_mode: 'off',
  }
}

/**
 * A configuration file with these settings at its end. Lines of an earlier restore are taken out: PostgreSQL refuses to
 * start with two recovery targets, even if one is empty.
 */
export function withRecoverySettings(existing: string, settings: Readonly<Record<string, string>>): string {
  const kept = existing.split('\n').filter((line) => !replaced.test(line))
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quoted(value)}`)
  return `${[...kept.join('\n').trimEnd().split('\n'), note, ...lines].join('\n').trimStart()}\n`
}

const note = '# Written by a restore; of no effect once recovery.signal is gone, except archive_mode.'
const replaced = /^\s*(restore_command|recovery_target\w*|archive_mode)\b|^# Written by a restore/i

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
