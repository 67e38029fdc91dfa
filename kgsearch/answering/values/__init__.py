"""What can be an answer, found in a text: numbers with units, money, dates, periods, names, places; and how well one fits what is asked."""
