import { systemDisk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { parsePasswordFile, serverUser } from './server-user.ts'

describe('parsePasswordFile', () => {
  it('reads names and numbers', () => {
    const rows = parsePasswordFile('postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n')
    expect(rows).toEqual([{ name: 'postgres', userId: 101, groupId: 104 }])
  })

  it('leaves out root, which PostgreSQL refuses under whatever name', () => {
    expect(parsePasswordFile('root:x:0:0::/root:/bin/sh\npostgres:x:0:0::/:/bin/sh')).toEqual([])
  })

  it('leaves out rows without usable numbers, as macOS writes for nobody', () => {
    expect(parsePasswordFile('# comment\nnobody:*:-2:-2::/var/empty:/usr/bin/false\nbroken\n\na:b:c:d')).toEqual([])
  })
})

describe('serverUser', () => {
  it('is another user for root, and this user for everyone else', async () => {
    const user = await serverUser(systemDisk)
    if (process.getuid?.() === 0) {
      expect(['postgres', 'nobody']).toContain(user?.name)
      expect(user?.userId).toBeGreaterThan(0)
    } else expect(user).toBeUndefined()
  })
})
