import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { randomBelow } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { SeededRandom, type SimulationResult } from '@exprsn/core/testing'
import { createShipper } from '@exprsn/logs'
import { createLogStore } from '@exprsn/logs/store'

const program = fileURLToPath(new URL('child.fixture.ts', import.meta.url))

interface Writer {
  readonly name: string
  readonly child: ChildProcess
  isKilled: boolean
}

/** How many processes work on a store at once, and how many of them are killed. */
export interface KillPlan {
  readonly processes: number
  readonly kills: number
  readonly seed: number
}

/** Lets processes share a store and kills them, each time with an acknowledgement drawn by chance; then looks what is there. */
export async function killWriters({ processes, kills, seed }: KillPlan): Promise<SimulationResult> {
  const folder = await makeTemporaryFolder(systemDisk)
  const random = new SeededRandom(seed)
  const acknowledged: string[] = []
  const violations: string[] = []
  const faults: Record<string, number> = { kill: 0, 'kill of the writer': 0 }
  const alive: Writer[] = []
  let started = 0
  let writer: Writer | undefined
  /** Acknowledgements until the next kill. */
  let patience = 20 + randomBelow(random, 60)
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const start = (): void => {
    const name = `p${started++}`
    const child = spawn(process.execPath, ['--conditions=@exprsn/source', program, folder, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const self: Writer = { name, child, isKilled: false }
    alive.push(self)
    child.on('exit', (code) => {
      if (!self.isKilled) failure.reject(new Error(`${name} ended by itself, with ${String(code)}.`))
    })
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line === 'writes') {
        if (writer !== undefined && !writer.isKilled) violations.push(`${name} writes, and so does ${writer.name}.`)
        writer = self
      } else acknowledged.push(line)
      if (--patience <= 0) killSome?.()
    })
  }
  let killSome: (() => void) | undefined
  for (let index = 0; index < processes; index++) start()
  for (let kill = 0; kill < kills; kill++) {
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    killSome = resolve
    if (patience <= 0) resolve()
    await Promise.race([enough, failure.promise])
    killSome = undefined
    // Every second time the one that writes.
    const victim =
      (kill % 2 === 0 ? alive.find((each) => each === writer) : undefined) ?? alive[randomBelow(random, alive.length)]!
    if (victim === writer) faults['kill of the writer']!++
    faults.kill!++
    await end(victim)
    alive.splice(alive.indexOf(victim), 1)
    patience = 20 + randomBelow(random, 60)
    if (kill < kills - 1 || alive.length === 0) if (kill < kills - 1) start()
  }
  for (const each of alive) await end(each)
  violations.push(...(await lookAt(folder, acknowledged)))
  await removeTree(systemDisk, folder)
  return { faults, violations }
}

async function end(victim: Writer): Promise<void> {
  const { child } = victim
  victim.isKilled = true
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  // Lines that had left it when it died are promises, too.
  await closed
}

/** What an heir finds. */
async function lookAt(folder: string, acknowledged: readonly string[]): Promise<string[]> {
  const violations: string[] = []
  const store = createLogStore({ path: `${folder}/store`, sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0 })
  const shipper = createShipper({ sinks: [store.sink()], spool: `${folder}/spool`, adoptAfter: 0, linger: 0 })
  await shipper.start()
  const { pending } = await shipper.flush({ deadline: '2m' })
  if (pending > 0) violations.push(`${pending} lines are left in the spool.`)
  await shipper.close()
  await store.flush()
  const counts = new Map<string, number>()
  for await (const { text } of store.export()) counts.set(text, (counts.get(text) ?? 0) + 1)
  const lost = acknowledged.filter((line) => !counts.has(line))
  if (lost.length > 0) violations.push(`${lost.length} of ${acknowledged.length} lines are lost, such as "${lost[0]}".`)
  for (const [line, times] of counts) if (times > 1) violations.push(`"${line}" is there ${times} times.`)
  for (const { name, problem } of await store.verify())
    if (problem !== undefined) violations.push(`${name}: ${problem}`)
  await store.close()
  for (const part of ['handover', 'wal']) {
    const left = systemDisk
      .entriesSync(`${folder}/store/${part}`)
      .filter(({ name }) => !name.startsWith('.exprsn-tmp-'))
    if (left.length > 0) violations.push(`In ${part} ${left.length} files are left.`)
  }
  return violations
}
