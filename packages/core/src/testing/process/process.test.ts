import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sleep } from '../../clock/sleep.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { killAtRandom, pauseProcess } from './kill-process.ts'
import { surviveKills } from './survive-kills.ts'

let folder: string
let children: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-killer-'))
  children = []
})

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function run(program: string, ...programArguments: string[]): ChildProcess {
  const child = spawn(process.execPath, ['-e', program, ...programArguments])
  children.push(child)
  return child
}

const idle = `setInterval(() => {}, 1000); console.log('up')`

describe('killAtRandom', () => {
  it('kills within the span, by the seed', async () => {
    const moments = []
    for (let round = 0; round < 2; round++) {
      const child = run(idle)
      await once(child.stdout!, 'data')
      moments.push(await killAtRandom(child, { from: 5, to: 40, random: new SeededRandom(8) }))
      expect(child.signalCode).toBe('SIGKILL')
    }
    expect(moments[0]).toEqual(moments[1])
    expect(moments[0]!.killed).toBe(true)
    expect(moments[0]!.afterMilliseconds).toBeGreaterThanOrEqual(5)
    expect(moments[0]!.afterMilliseconds).toBeLessThanOrEqual(40)
  })

  it('says when the child ended before', async () => {
    const child = run('')
    expect(await killAtRandom(child, { from: '20s', to: '30s' })).toMatchObject({ killed: false })
    expect(await killAtRandom(child, { to: '30s' })).toMatchObject({ killed: false })
  })

  it('leaves the child alone when the signal comes first', async () => {
    const child = run(idle)
    const stop = AbortSignal.timeout(20)
    await expect(killAtRandom(child, { from: '20s', to: '30s', signal: stop })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    expect(child.exitCode).toBeNull()
    expect(child.signalCode).toBeNull()
  })
})

describe('pauseProcess', () => {
  it('lets nothing happen meanwhile, and everything after', async () => {
    const child = run(`setInterval(() => console.log('tick'), 5)`)
    let ticks = 0
    child.stdout!.on('data', () => ticks++)
    await once(child.stdout!, 'data')
    const pause = pauseProcess(child, { for: 150 })
    await sleep(50)
    const early = ticks
    await sleep(60)
    expect(ticks).toBe(early)
    await pause
    await once(child.stdout!, 'data')
    expect(ticks).toBeGreaterThan(early)
  })

  it('goes on at once when told to', async () => {
    const child = run(idle)
    await once(child.stdout!, 'data')
    await pauseProcess(child, { for: '1h', signal: AbortSignal.timeout(10) })
    expect(await killAtRandom(child, { to: 0, killSignal: 'SIGTERM' })).toMatchObject({ killed: true })
  })

  it('refuses a child that is gone', async () => {
    const child = run('')
    await once(child, 'exit')
    await expect(pauseProcess(child, { for: 1 })).rejects.toMatchObject({ code: 'CORE_TESTING_PROCESS_ENDED' })
  })
})

/** Appends numbers to a file and acknowledges each: after the write, or, with the planted bug, one write too early. */
const writer = `
const fs = require('node:fs')
const [path, bug] = process.argv.slice(1)
const file = fs.openSync(path, 'a')
let n = 0
setInterval(() => {
  if (bug !== 'early') write(n)
  console.log('saved ' + n)
  if (bug === 'early' && n > 0) write(n - 1)
  n++
}, 2)
function write(number) { fs.writeSync(file, number + '\\n'); fs.fsyncSync(file) }
`

function survive(bug: string, runs: number) {
  return surviveKills({
    runs,
    seed: 11,
    within: '200ms',
    start: ({ run: index }) => run(writer, join(folder, `${bug}-${index}`), bug),
    acknowledges: (line) => /^saved (\d+)$/u.exec(line)?.[1],
    recover({ run: index, acknowledged }) {
      const kept = new Set(readFileSync(join(folder, `${bug}-${index}`), 'utf8').split('\n'))
      return acknowledged.filter((n) => !kept.has(n)).map((n) => `${n} was acknowledged and is lost`)
    },
  })
}

describe('surviveKills', () => {
  it('finds nothing in a program that keeps its promises', async () => {
    const report = await survive('none', 4)
    expect(report.violations.filter(({ violation }) => !violation.includes('ENOENT'))).toEqual([])
    expect(report.killedOnAcknowledgement).toBe(2)
    expect(report.killedInTime).toBe(2)
    expect(report.acknowledged).toBeGreaterThan(2)
  })

  it('finds an acknowledgement that came before the write', async () => {
    const report = await survive('early', 6)
    expect(report.violations.length).toBeGreaterThan(0)
    expect(report.violations[0]!.violation).toMatch(/was acknowledged and is lost/u)
  })

  it('counts a recovery that throws as a violation, and a program that ended as not killed', async () => {
    const report = await surviveKills({
      runs: 2,
      start: () => run(`console.log('one')`),
      acknowledgements: 1_000,
      within: '30s',
      recover: () => Promise.reject(new Error('no file')),
    })
    expect(report).toMatchObject({ killedOnAcknowledgement: 0, killedInTime: 0, acknowledged: 2 })
    expect(report.violations.map(({ violation }) => violation.split('\n')[0])).toEqual([
      'Recovery failed: Error: no file',
      'Recovery failed: Error: no file',
    ])
  })
})
