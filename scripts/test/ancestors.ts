import { readFileSync } from 'node:fs'

/**
 * The processes that stand behind this one and whose death must end it: the one that started it and, when it was
 * started through npm, all up to npm. A shell further up may end without that meaning anything.
 */
export function ancestors(): number[] {
  const chain = [process.ppid]
  for (let steps = 0; steps < 4; steps++) {
    const facts = processFacts(chain.at(-1)!)
    if (facts === undefined) break
    if (facts.name.startsWith('npm')) return chain
    chain.push(facts.parent)
  }
  return chain.slice(0, 1)
}

/** Whether the processes of {@link ancestors} are still what they were: an orphan is given to another parent. */
export function areAlive([parent, ...others]: readonly number[]): boolean {
  if (process.ppid !== parent) return false
  let below = parent
  return others.every((ancestor) => {
    const alive = processFacts(below)?.parent === ancestor
    below = ancestor
    return alive
  })
}

/** From proc_pid_stat(5); undefined where there is no such file system. */
function processFacts(processId: number): { name: string; parent: number } | undefined {
  try {
    const facts = readFileSync(`/proc/${processId}/stat`, 'utf8')
    const [open, close] = [facts.indexOf('('), facts.lastIndexOf(')')]
    return { name: facts.slice(open + 1, close), parent: Number(facts.slice(close + 2).split(' ')[1]) }
  } catch {
    return undefined
  }
}
