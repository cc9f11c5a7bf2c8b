# SPDX-License-Identifier: MIT
"""Powers: when they arise, what a notice of one does and when, what stands still in a suspension (A6, A7)."""
from fractions import Fraction


class Overdue:
    """undisputed overdue at least, or above, so many days; a sum instead of days: overdue above an amount."""

    def __init__(self, days, strict=False, undisputed=True, amount=None):
        self.days, self.strict, self.undisputed, self.amount = days, strict, undisputed, amount

    def holds(self, book, day):
        late = [v for v in book.invoices if v.due < day and book.owed(v, day, self.undisputed) > 0]
        if self.amount is not None:
            return sum((book.owed(v, day, self.undisputed) for v in late), Fraction(0)) > self.amount
        oldest = max((day - v.due for v in late), default=-1)
        return oldest > self.days if self.strict else oldest >= self.days

    def text(self, cash):
        what = 'undisputed overdue' if self.undisputed else 'overdue'
        if self.amount is not None:
            return '%s above %s' % (what, cash(self.amount))
        return '%s %s %d days' % (what, 'above' if self.strict else 'at least', self.days)


class Suspended:
    """suspended at least so many days: from the last day of the notice on."""

    def __init__(self, days):
        self.days = days

    def holds(self, book, day):
        return book.stopped is not None and day - (book.stopped - 1) >= self.days

    def text(self, _cash):
        return 'suspended at least %d days' % self.days


class Power:
    """party may suspend or terminate. `goes_on`: the fees that a suspension leaves alone; None: all."""

    def __init__(self, verb, title, when, notice, goes_on=None, within=None):
        self.verb, self.title, self.when, self.notice, self.goes_on, self.within = verb, title, when, notice, goes_on, within

    def text(self, cash):
        out = ['provider may %s "%s" {' % ('suspend remote' if self.verb == 'suspend' else 'terminate', self.title),
               '    when ' + self.when.text(cash), '    notice %d days' % self.notice]
        if self.within is not None:
            out.append('    notice within %d days after it arose' % self.within)
        if self.verb == 'suspend':
            out.append('    until paid in full')
            if self.goes_on is not None:
                out.append('    continues ' + ', '.join(self.goes_on))
        return '\n'.join(out + ['}'])


class Standing:
    """How a power stands: since when it is there, of which notice the days run."""

    def __init__(self, power):
        self.power, self.since, self.last_day, self.on, self.held = power, None, None, False, False
