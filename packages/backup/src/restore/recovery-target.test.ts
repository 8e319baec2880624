import { describe, expect, it } from 'vitest'
import { parseRecoveryLog } from './recovery-log.ts'
import { recoverySettings, withRecoverySettings } from './recovery-settings.ts'
import { describeTarget, parseTarget, targetSettings, type RecoveryTarget } from './recovery-target.ts'

describe('recovery targets', () => {
  it.each([
    ['latest', {}, 'the latest point'],
    [
      { time: new Date('2026-11-20T10:41:07.250Z') },
      { recovery_target_time: '2026-11-20T10:41:07.250000+00' },
      'Time 2026-11-20T10:41:07.250000Z',
    ],
    [
      { time: '2026-11-20 12:41:07.250123+02' },
      { recovery_target_time: '2026-11-20T10:41:07.250123+00' },
      'Time 2026-11-20T10:41:07.250123Z',
    ],
    [{ lsn: '0/3000028' }, { recovery_target_lsn: '0/3000028', recovery_target_inclusive: 'on' }, 'Position 0/3000028'],
    [
      { lsn: 40n, inclusive: false },
      { recovery_target_lsn: '0/28', recovery_target_inclusive: 'off' },
      'Position 0/28',
    ],
    [{ name: "it's" }, { recovery_target_name: "it's" }, 'Restore point "it\'s"'],
    [{ xid: 2n ** 32n + 740n }, { recovery_target_xid: '740' }, 'Transaction 740'],
  ] as [RecoveryTarget, object, string][])('reads %o', (target, settings, described) => {
    expect(targetSettings(parseTarget(target))).toEqual(settings)
    expect(describeTarget(parseTarget(target))).toBe(described)
  })

  it.each([
    ['now'],
    [null],
    [{}],
    [{ time: new Date(Number.NaN) }],
    [{ time: '2026-11-20 10:41:07' }],
    [{ time: 5 }],
    [{ name: '' }],
    [{ name: 'x'.repeat(64) }],
    [{ name: 'a\nb' }],
    [{ name: 7 }],
    [{ xid: 0 }],
    [{ xid: 2n ** 32n }],
  ])('refuses %o', (target) => {
    expect(() => parseTarget(target as RecoveryTarget)).toThrow(
      expect.objectContaining({ code: 'BACKUP_RESTORE_TARGET_INVALID' }),
    )
  })

  it('refuses a position of another form', () => {
    expect(() => parseTarget({ lsn: 'x' })).toThrow(expect.objectContaining({ code: 'BACKUP_POSTGRES_LSN_INVALID' }))
  })
})

describe('recovery settings', () => {
  it('replace those of an earlier restore and leave the others', () => {
    const first = withRecoverySettings(
      "# kept\nwork_mem = '8MB'\n",
      recoverySettings(parseTarget({ name: "o'clock\\" })),
    )
    expect(first).toContain("# kept\nwork_mem = '8MB'\n")
    expect(first).toContain("recovery_target_name = 'o''clock\\\\'\n")
    const second = withRecoverySettings(first, recoverySettings(parseTarget('latest')))
    expect(second).not.toContain('recovery_target_name')
    expect(second.match(/restore_command = 'exit 1'/g)).toHaveLength(1)
    expect(second.match(/^# Written/gm)).toHaveLength(1)
    expect(second).toContain("work_mem = '8MB'")
    expect(withRecoverySettings('', {})).toMatch(/^# Written by a restore/)
  })
})

describe('parseRecoveryLog', () => {
  it('reads what happened', () => {
    const log = [
      'LOG:  recovery stopping before commit of transaction 740, time 2026-11-20 10:41:07.3+00',
      'LOG:  redo done at 0/3000120 system usage: CPU',
      'LOG:  selected new timeline ID: 2',
      'LOG:  archive recovery complete',
    ].join('\n')
    expect(parseRecoveryLog(log)).toEqual({
      stopped: { side: 'before', what: 'commit of transaction 740, time 2026-11-20 10:41:07.3+00' },
      redoDone: 0x3000120n,
      timeline: 2,
      complete: true,
      fatal: undefined,
    })
  })

  it('reads why it did not', () => {
    expect(parseRecoveryLog('FATAL:  recovery ended before configured recovery target was reached')).toEqual({
      stopped: undefined,
      redoDone: undefined,
      timeline: undefined,
      complete: false,
      fatal: 'recovery ended before configured recovery target was reached',
    })
  })
})
