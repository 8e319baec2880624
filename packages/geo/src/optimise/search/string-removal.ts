/** Of the ruin: tasks removed on average, and in one string at most. */
export const averageRemoved = 10
export const longestString = 10
/** How often a string is removed around a piece that stays, and how often that piece grows by one. */
export const splitShare = 0.5
export const splitGrowth = 0.99
