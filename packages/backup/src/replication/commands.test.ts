import { describe, expect, it } from 'vitest'
import {
  baseBackupCommand,
  createSlotCommand,
  dropSlotCommand,
  readSlotCommand,
  startReplicationCommand,
  timelineHistoryCommand,
} from './commands.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'

describe('replication commands', () => {
  it('write a base backup command', () => {
    const wanted = { label: "it's", checkpoint: 'fast', manifestChecksums: 'CRC32C', estimateSize: true } as const
    expect(baseBackupCommand({ ...wanted, maxRate: 64 })).toBe(
      "BASE_BACKUP (LABEL 'it''s', CHECKPOINT 'fast', WAL false, MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C', " +
        'TABLESPACE_MAP true, PROGRESS true, WAIT false, MAX_RATE 64)',
    )
    const plain = baseBackupCommand({ ...wanted, estimateSize: false })
    expect(plain).toContain('PROGRESS false')
    expect(plain).not.toContain('MAX_RATE')
  })

  it('write slot and streaming commands', () => {
    expect(createSlotCommand('a"b')).toBe('CREATE_REPLICATION_SLOT "a""b" PHYSICAL (RESERVE_WAL)')
    expect(readSlotCommand('s')).toBe('READ_REPLICATION_SLOT "s"')
    expect(dropSlotCommand('s')).toBe('DROP_REPLICATION_SLOT "s"')
    expect(startReplicationCommand('s', 0x3000000n, 2)).toBe('START_REPLICATION SLOT "s" PHYSICAL 0/3000000 TIMELINE 2')
    expect(timelineHistoryCommand(2)).toBe('TIMELINE_HISTORY 2')
  })

  it('refuse a NUL, which would end the message', () => {
    for (const quote of [quoteIdentifier, quoteLiteral])
      expect(() => quote('a\0b')).toThrow(expect.objectContaining({ code: 'BACKUP_POSTGRES_CONNECTION_INVALID' }))
  })
})
