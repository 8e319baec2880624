import { describe, expect, it } from 'vitest'
import { fakeConnector } from '../../test/fake-connector.ts'
import { createPostgresSource } from './create-postgres-source.ts'
import { isPointInTimeSource } from './point-in-time.ts'
import { postgresSourceSettings, type CreatePostgresSourceOptions } from './source-options.ts'

const connector = fakeConnector({ answer: () => undefined })
const settings = (options: Partial<CreatePostgresSourceOptions> = {}) =>
  postgresSourceSettings({ connector, ...options })

describe('the options of a PostgreSQL source', () => {
  it('have their documented defaults', () => {
    expect(settings()).toMatchObject({
      ...{ receiveWal: true, archiveEvery: 60_000, incremental: 'auto', longestChain: 6, chunkSize: 262_144 },
      ...{
        checkpoint: 'fast',
        slotAlert: 2 ** 30,
        drillAlert: undefined,
        spool: undefined,
        slot: undefined,
        dataFolder: undefined,
      },
    })
    expect(settings({ drillAlert: '8d' }).drillAlert).toBe(8 * 86_400_000)
    expect(() => settings().connectTo({ host: 'x', port: 1, user: 'x', database: 'x' })).toThrow('connectTo')
  })

  it.each<[string, Partial<CreatePostgresSourceOptions>]>([
    ['slot', { slot: 'No-Slot' }],
    ['slot', { slot: '' }],
    ['chunkSize', { chunkSize: 10_000 }],
    ['chunkSize', { chunkSize: 2 ** 24 }],
    ['dataFolder', { dataFolder: '' }],
    ['longestChain', { longestChain: -1 }],
    ['maxRate', { maxRate: 8 }],
    ['slotAlert', { slotAlert: Number.NaN }],
  ])('are refused: %s', (option, options) => {
    expect(() => settings(options)).toThrow(
      expect.objectContaining({ code: 'BACKUP_POSTGRES_OPTION_INVALID', message: expect.stringContaining(option) }),
    )
  })

  it('make a source that works only in an engine', async () => {
    const source = createPostgresSource({ connector })
    expect(isPointInTimeSource(source)).toBe(true)
    expect(isPointInTimeSource({ ...source, bind: undefined } as unknown as typeof source)).toBe(false)
    const unbound = { code: 'BACKUP_POSTGRES_SOURCE_UNBOUND' }
    await expect(source.backup({} as Parameters<typeof source.backup>[0])).rejects.toMatchObject(unbound)
    await expect(source.restore({} as Parameters<typeof source.restore>[0])).rejects.toMatchObject(unbound)
    expect(connector.connections()).toBe(0)
  })
})
