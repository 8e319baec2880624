import { expect, it } from 'vitest'
import { GroupTree } from './group-tree.ts'

it('numbers combinations of labels as they come, texts and numbers apart', () => {
  const tree = new GroupTree()
  const combinations = [
    ['a', 7],
    ['a', '7'],
    ['a', null],
    [null, 'a'],
    ['a'],
    [],
    ['a', 7],
    ['__proto__'],
    ['a'],
  ] as const
  expect(combinations.map((labels) => tree.groupOf(labels))).toEqual([0, 1, 2, 3, 4, 5, 0, 6, 4])
  expect(tree.labels).toEqual([['a', 7], ['a', '7'], ['a', null], [null, 'a'], ['a'], [], ['__proto__']])
})
