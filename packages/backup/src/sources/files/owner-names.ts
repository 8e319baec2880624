import { readFile, type Disk } from '@exprsn/core/disk'

/** Names of users and groups by their numbers. */
export interface OwnerNames {
  readonly user: (id: number) => string | undefined
  readonly group: (id: number) => string | undefined
}

/** The names in `/etc/passwd` and `/etc/group`; numbers without a name there have none. */
export async function loadOwnerNames(disk: Disk): Promise<OwnerNames> {
  const [users, groups] = await Promise.all([namesIn(disk, '/etc/passwd'), namesIn(disk, '/etc/group')])
  return { user: (id) => users.get(id), group: (id) => groups.get(id) }
}

async function namesIn(disk: Disk, path: string): Promise<Map<number, string>> {
  const names = new Map<number, string>()
  let text: string
  try {
    text = Buffer.from(await readFile(disk, path)).toString()
  } catch {
    return names
  }
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':')
    if (name && id && !names.has(Number(id))) names.set(Number(id), name)
  }
  return names
}
