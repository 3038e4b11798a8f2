"""What is put out on a channel: placements, their costs, links, codes and clicks."""
