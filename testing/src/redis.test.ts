import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { requireOracle } from './oracles.ts'
import { startRedis, type RedisConnection } from './redis.ts'

/** One command in Redis' inline form, and the whole of its short answer. */
async function ask(connection: RedisConnection, command: string): Promise<string> {
  const socket = connect({ ...connection })
  socket.write(`${command}\r\n`)
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer).trim()
}

describe('startRedis', () => {
  it('serves on a socket, and leaves nothing', async (context) => {
    const server = await startRedis({ program: requireOracle(context, 'redis') })
    expect(await ask(server.connection, 'SET key value')).toBe('+OK')
    expect(await ask(server.connection, 'GET key')).toBe('$5\r\nvalue')
    await server.stop()
    expect(await server.exited).toEqual({ code: 0, signal: null })
    expect(existsSync(server.dataFolder)).toBe(false)
  })

  it('serves on TCP, and writes its files into its folder', async (context) => {
    const program = requireOracle(context, 'redis')
    await using server = await startRedis({ program, listen: 'tcp', settings: { dbfilename: 'my.rdb' } })
    expect(await ask(server.connection, 'SET key value')).toBe('+OK')
    expect(await ask(server.connection, 'SAVE')).toBe('+OK')
    expect(existsSync(join(server.dataFolder, 'my.rdb'))).toBe(true)
  })

  it('says what is wrong with a setting', async (context) => {
    const program = requireOracle(context, 'redis')
    await expect(startRedis({ program, settings: { maxmemory: 'lots' } })).rejects.toThrow('maxmemory')
  })

  it('is gone within 5 s when its process is killed', async (context) => {
    const launcher = `
      import { startRedis } from ${JSON.stringify(join(import.meta.dirname, 'redis.ts'))}
      const server = await startRedis({ program: process.argv[1] })
      console.log(server.dataFolder)
      setInterval(() => {}, 1000)`
    const program = [
      '--conditions=@exprsn/source',
      '--input-type=module',
      '-e',
      launcher,
      requireOracle(context, 'redis'),
    ]
    const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(child.stdout, 'data')
    const folder = String(line).trim()
    expect(existsSync(folder)).toBe(true)
    child.kill('SIGKILL')
    const end = performance.now() + 5_000
    while (existsSync(folder) && performance.now() < end) await delay(20)
    expect(existsSync(folder)).toBe(false)
  })
})
