"""Whether a subsidy helps to decide better: the same worlds, lived with different subsidies through the real use cases.

What is assumed, before anything is measured:

- **A world** is one portfolio of decisions that open, trade and close together. A decision has two options, a quarter of
  them three, and one metric, a yes or no or a number traded as LONG and SHORT, half and half. Its stake, what the whole
  range of the metric is worth, is log-normal: a few decisions hold most of all that is at stake. The gap between its
  best two options is between none and 2.5 of its own standard deviations, evenly: close calls and foregone conclusions.
- **The truth**, what the metric comes to under each option, is drawn from the committee's own prior. Markets open at that
  prior, and the spenders know it: the policy is told mean, sd and horizon as they are, and stakes unless it is said that
  they are misjudged. So is everybody: nobody is overconfident but who trades on nothing.
- **Traders** have exponential utility and trade to where they like the price best, from the prior and a signal of their own
  (THEORY 1); they do not learn from prices, so that these end at a weighted mean of beliefs and not at all that is known
  together. Nobody knows a signal before looking. A trader looks at one decision a round, where prices and liquidity
  let expect the largest gain, and at none if that is less than the attention it costs: attention is finite, and liquidity
  draws it from one decision to another. *Informed* traders pay 1 credit of attention, *inattentive* ones 5.
  What is locked for a year is discounted by 20 %; what an option that is not chosen would have paid is not expected.
- **Noisy** traders look anywhere and believe what has nothing to do with the truth. **Manipulators** push one option of one
  decision, the likelier the more is at stake, each round, whatever it costs them, until their credits are gone.
- **The committee** takes the option that is priced highest where the spread report says that this can be told (its own rule
  of ranking), and else the one that it thought best before.
- **Regret** is the stake times what the best option would have come to above the one that was taken.
- **Arms** open the same decisions with the same reserve in all: the same reserve a decision; or what the policy suggests.
  The exchange opens no decision without a maker, so that "no subsidy" is the least that it allows, which is no market
  one could trade in; the regret of the prior alone is said beside it. All arms share truths, signals, whims and turns.
"""
