import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('index.ts', import.meta.url))

/** Runs a program on the lifecycle in a process of its own, signals it at each `ready`, and tells how it ended. */
async function run(program: string, signals: readonly NodeJS.Signals[]) {
  const code = `import { createLifecycle } from ${JSON.stringify(source)}\n${program}`
  const child = spawn(process.execPath, [
    '--no-warnings',
    '--conditions=@exprsn/source',
    '--input-type=module',
    '-e',
    code,
  ])
  const waiting = [...signals]
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString()
      for (const _ of bytes.toString().matchAll(/ready/g)) child.kill(waiting.shift())
    })
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (...end) => resolve(end))
  })
  return { lines: output.trim().split('\n'), exitCode, signal }
}

const components = `
const lifecycle = createLifecycle({ deadline: '5s' })
const log = (text) => () => console.log(text)
lifecycle.add({ name: 'database', start: log('+database'), stop: log('-database') })
lifecycle.add({ name: 'server', dependsOn: ['database'], start: () => setInterval(() => {}, 1000), drain: log('~server') })
`

describe('a real process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops in order on %s and exits with 0, although a timer is left',
    async (name) => {
      const ended = await run(`${components} await lifecycle.start(); console.log('ready')`, [name])
      expect(ended).toEqual({ lines: ['+database', 'ready', '~server', '-database'], exitCode: 0, signal: null })
    },
  )

  it('is ended by the second signal while a component hangs', async () => {
    const hang = `lifecycle.add({ name: 'hang', stop: () => { console.log('ready'); return new Promise(() => {}) } })`
    const started = performance.now()
    const ended = await run(`${components} ${hang}; await lifecycle.start(); console.log('ready')`, [
      'SIGTERM',
      'SIGTERM',
    ])
    expect(ended).toMatchObject({ exitCode: 1, signal: null })
    expect(performance.now() - started).toBeLessThan(4_500)
  })

  it('is ended by the deadline while a component hangs', async () => {
    const hang = `lifecycle.add({ name: 'hang', deadline: '50ms', stop: () => new Promise(() => {}) })`
    const ended = await run(`${components} ${hang}; await lifecycle.start(); console.log('ready')`, ['SIGTERM'])
    expect(ended).toMatchObject({ exitCode: 1, signal: null })
    expect(ended.lines.at(-1)).toBe('-database')
  })

  it('dies of the signal as usual when the lifecycle is stopped', async () => {
    const after = `await lifecycle.start(); await lifecycle.stop(); console.log('ready')`
    expect(await run(`${components} ${after}`, ['SIGTERM'])).toMatchObject({ exitCode: null, signal: 'SIGTERM' })
  })
})
