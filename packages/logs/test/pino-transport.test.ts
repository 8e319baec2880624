import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { makeTemporaryFolder, readFile, removeTree, systemDisk } from '@exprsn/core/disk'
import pinoTransport from '@exprsn/logs/pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

async function lines(path: string): Promise<string[]> {
  return Buffer.from(await readFile(systemDisk, path))
    .toString()
    .split('\n')
    .filter(Boolean)
}

describe('the transport for pino', () => {
  it('ships from the worker thread, and is through when the process ends', { timeout: 60_000 }, async () => {
    const script = `import { pino } from 'pino'
      const sinks = [{ target: 'file', options: { path: ${JSON.stringify(`${folder}/app.ndjson`)} } }]
      const transport = pino.transport({ target: '@exprsn/logs/pino', options: { spool: ${JSON.stringify(`${folder}/spool`)}, sinks } })
      const logger = pino(transport)
      for (let index = 0; index < 2000; index++) logger.info({ index }, 'line')`
    const flags = ['--conditions=@exprsn/source', '--input-type=module', '-e', script]
    const child = spawn(process.execPath, flags, { cwd: import.meta.dirname, stdio: ['ignore', 'inherit', 'inherit'] })
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect(await lines(`${folder}/app.ndjson`)).toHaveLength(2_000)
  })

  it('takes lines and characters however they are cut, and the last one without its newline', async () => {
    const path = `${folder}/app.ndjson`
    const stream = await pinoTransport({ spool: `${folder}/spool`, sinks: [{ target: 'file', options: { path } }] })
    const bytes = Buffer.from('{"msg":"größer"}\n{"msg":"zwei"}\n{"msg":"drei"}')
    for (const byte of bytes) stream.write(Uint8Array.of(byte))
    await new Promise<void>((resolve) => stream.end(resolve))
    expect((await lines(path)).map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'größer',
      'zwei',
      'drei',
    ])
  })

  it('loads every sink it names, and no other', async () => {
    const options = { url: 'http://127.0.0.1:9', host: '127.0.0.1', path: `${folder}/x` }
    const targets = ['bucket-folder', 'clickhouse', 'elasticsearch', 'loki', 'otlp', 'stdout', 'syslog'] as const
    const stream = await pinoTransport({
      spool: `${folder}/spool`,
      sinks: targets.map((target) => ({ target, options })),
    })
    await new Promise<void>((resolve) => stream.end(resolve))
    await expect(pinoTransport({ spool: folder, sinks: [{ target: 'constructor' as 'file' }] })).rejects.toMatchObject({
      code: 'LOGS_FRONT_SINK_UNKNOWN',
    })
  })
})
