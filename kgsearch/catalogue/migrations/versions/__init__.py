"""The migrations, one module each, in the order of their numbers. One that has been released is never changed."""
