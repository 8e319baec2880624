import { describe, expect, it } from 'vitest'
import { redisScript, scriptRunner } from './script-runner.ts'

const script = redisScript('return 1')

function client(known: boolean) {
  const calls: unknown[][] = []
  return {
    calls,
    evalsha: async (...parts: unknown[]) => {
      calls.push(['evalsha', ...parts])
      if (!known) throw Object.assign(new Error('NOSCRIPT No matching script.'), { name: 'ReplyError' })
      return 'known'
    },
    eval: async (...parts: unknown[]) => {
      calls.push(['eval', ...parts])
      return 'sent'
    },
  }
}

describe('scriptRunner', () => {
  it('names a script by its digest, and sends it only when the server does not know it', async () => {
    const knowing = client(true)
    expect(await scriptRunner({ client: knowing }).run(script, ['k'], [1, 'v'])).toBe('known')
    expect(knowing.calls).toEqual([['evalsha', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', 1, 'k', 1, 'v']])
    const empty = client(false)
    expect(await scriptRunner({ client: empty }).run(script, ['k'], [1, 'v'])).toBe('sent')
    expect(empty.calls[1]).toEqual(['eval', 'return 1', 1, 'k', 1, 'v'])
  })

  it('opens a connection at the first call, once, and closes it', async () => {
    const log: string[] = []
    class Fake {
      constructor(...parts: unknown[]) {
        log.push(`new ${JSON.stringify(parts)}`)
      }
      on(event: string) {
        log.push(`on ${event}`)
      }
      disconnect() {
        log.push('disconnect')
      }
      evalsha = async () => 1
      eval = async () => 1
    }
    const runner = scriptRunner({ url: 'redis://cache' }, async () => Fake)
    expect(log).toEqual([])
    await Promise.all([runner.run(script, [], []), runner.run(script, [], [])])
    expect(log).toEqual(['new ["redis://cache",{"maxRetriesPerRequest":1}]', 'on error'])
    await runner.close()
    await runner.close()
    expect(log.filter((line) => line === 'disconnect')).toHaveLength(2)
    await expect(runner.run(script, [], [])).rejects.toMatchObject({ code: 'CORE_REDIS_CLOSED' })
  })

  it('that was never used closes nothing, and the host’s client is never closed', async () => {
    const load = async (): Promise<never> => {
      throw new Error('must not be loaded')
    }
    await expect(scriptRunner({ url: 'redis://cache' }, load).close()).resolves.toBeUndefined()
    await expect(scriptRunner({ client: client(true) }).close()).resolves.toBeUndefined()
  })

  it.each([{}, { url: 'redis://a', connection: {} }])('refuses %o', (options) => {
    expect(() => scriptRunner(options)).toThrow(expect.objectContaining({ code: 'CORE_REDIS_OPTIONS' }))
  })
})
